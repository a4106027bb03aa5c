using PostgresHa.Specification;
using Pulumi;
using Pulumi.Command.Remote.Inputs;

namespace PostgresHa.Infra;

/// <summary>SSH connections to the hosts.</summary>
internal static class Connections
{
    // A host that boots refuses connections for a while; more tries than that mean it is down.
    private const int Tries = 10;

    private const int SecondsPerTry = 15;

    /// <summary>
    /// The private key: from its file, else from the secret <c>postgres-ha:sshPrivateKey</c>; null when an agent holds it.
    /// </summary>
    /// <exception cref="RunException">The file cannot be read.</exception>
    public static Output<string>? PrivateKey(SshSpecification ssh, Config config) => SshRoute.KeySource(ssh) switch
    {
        SshKeySource.File => Output.CreateSecret(Read(ssh.PrivateKeyFile!)),
        SshKeySource.Agent => null,
        _ => config.RequireSecret("sshPrivateKey").Apply(static key =>
            PrivateKeys.IsOne(key) && PrivateKeys.Problem(key, null) is var (problem, remedy)
                ? throw new RunException($"The secret postgres-ha:sshPrivateKey {problem}; {remedy}.")
                : key),
    };

    /// <summary>How one host is reached.</summary>
    public static ConnectionArgs For(ClusterSpecification cluster, HostSpecification host, Output<string>? privateKey)
    {
        var route = SshRoute.To(cluster.Ssh, host);
        var connection = new ConnectionArgs
        {
            Host = route.Address,
            Port = route.Port,
            User = route.User,
            HostKey = route.HostKey,
            DialErrorLimit = Tries,
            PerDialTimeout = SecondsPerTry,
        };
        // Not even set to null when an agent holds it: the SDK makes that a secret without a value, which the engine refuses.
        if (privateKey is not null)
        {
            connection.PrivateKey = privateKey;
        }

        if (route.Through is { } bastion)
        {
            var proxy = new ProxyConnectionArgs
            {
                Host = bastion.Address,
                Port = bastion.Port,
                User = bastion.User,
                HostKey = bastion.HostKey,
                DialErrorLimit = Tries,
                PerDialTimeout = SecondsPerTry,
            };
            if (privateKey is not null)
            {
                proxy.PrivateKey = privateKey;
            }

            connection.Proxy = proxy;
        }

        return connection;
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                $"postgres-ha:cluster.ssh.privateKeyFile: {path} cannot be read ({error.Message}); "
                + "give the path of a readable private key.",
                error);
        }
    }
}
