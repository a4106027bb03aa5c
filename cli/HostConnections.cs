using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>How a stack's hosts are dialled by commands that look at them, as opposed to those that apply the stack.</summary>
internal sealed class HostConnections
{
    private const int ConnectSeconds = 5;

    private readonly StackContext _context;
    private readonly ClusterSpecification _cluster;
    private readonly string? _privateKey;

    /// <summary>For a stack.</summary>
    /// <exception cref="CommandException">Its private key cannot be had.</exception>
    public HostConnections(StackContext context)
    {
        _context = context;
        _cluster = context.Specification;
        _privateKey = PrivateKey();
    }

    /// <summary>The connection to a host.</summary>
    public SshConnection To(HostSpecification host) => new()
    {
        Host = host.Address,
        Port = _cluster.Ssh.Port,
        User = _cluster.Ssh.User,
        HostKey = host.HostKey,
        PrivateKey = _privateKey,
        // Whoever asks for the state of a broken cluster must not wait for each dead host for long.
        DialErrorLimit = 1,
        PerDialTimeout = ConnectSeconds,
        Proxy = _cluster.Ssh.Bastion is { } bastion
            ? new SshConnection
            {
                Host = bastion.Address,
                Port = bastion.Port,
                User = bastion.User,
                HostKey = bastion.HostKey,
                PrivateKey = _privateKey,
                DialErrorLimit = 1,
                PerDialTimeout = ConnectSeconds,
            }
            : null,
    };

    private string? PrivateKey()
    {
        if (_cluster.Ssh.PrivateKeyFile is { } path)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new CommandException($"The private key {path} cannot be read ({error.Message}).", error);
            }
        }

        if (_cluster.Ssh.Agent)
        {
            return null;
        }

        var secret = _context.File.Config[_context.File.Project + ":sshPrivateKey"].Secure!;
        return PassphraseCipher.Open(Passphrase.Require(_context), _context.File.EncryptionSalt ?? "", _context.File.Path).Decrypt(secret);
    }
}
