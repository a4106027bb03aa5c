using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>How a stack's hosts are dialled by commands that look at them, as opposed to those that apply the stack.</summary>
internal sealed class HostConnections
{
    private const int ConnectSeconds = 5;

    private readonly StackContext _context;
    private readonly SshSpecification _ssh;
    private readonly string? _privateKey;

    /// <summary>For a stack.</summary>
    /// <exception cref="CommandException">Its private key cannot be had.</exception>
    public HostConnections(StackContext context)
    {
        _context = context;
        _ssh = context.Specification.Ssh;
        _privateKey = SshRoute.KeySource(_ssh) switch
        {
            SshKeySource.File => Read(_ssh.PrivateKeyFile!),
            SshKeySource.Agent => null,
            _ => Decrypt(_context.File.Config[_context.File.Project + ":sshPrivateKey"].Secure!),
        };
    }

    /// <summary>The connection to a host.</summary>
    public SshConnection To(HostSpecification host) => Over(SshRoute.To(_ssh, host));

    private SshConnection Over(SshRoute route) => new()
    {
        Host = route.Address,
        Port = route.Port,
        User = route.User,
        HostKey = route.HostKey,
        PrivateKey = _privateKey,
        // Whoever asks for the state of a broken cluster must not wait for each dead host for long.
        DialErrorLimit = 1,
        PerDialTimeout = ConnectSeconds,
        Proxy = route.Through is { } bastion ? Over(bastion) : null,
    };

    private static string Read(string path)
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

    private string Decrypt(string secret) =>
        PassphraseCipher.Open(Passphrase.Require(_context), _context.File.EncryptionSalt ?? "", _context.File.Path).Decrypt(secret);
}
