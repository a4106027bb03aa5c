namespace PostgresHa.Specification;

/// <summary>Where the private key of all connections comes from.</summary>
public enum SshKeySource
{
    /// <summary>The file <see cref="SshSpecification.PrivateKeyFile"/>.</summary>
    File,

    /// <summary>An agent, which never gives it away.</summary>
    Agent,

    /// <summary>The secret <c>postgres-ha:sshPrivateKey</c>.</summary>
    Secret,
}

/// <summary>How a host is reached over SSH.</summary>
/// <param name="Address">Its address or name.</param>
/// <param name="Port">TCP port of its sshd.</param>
/// <param name="User">User to log in as.</param>
/// <param name="HostKey">Its public host key.</param>
/// <param name="Through">The host to jump through; null for a direct connection.</param>
public sealed record SshRoute(string Address, int Port, string User, string HostKey, SshRoute? Through = null)
{
    /// <summary>The way to a host of a cluster.</summary>
    /// <param name="ssh">How the cluster's hosts are reached.</param>
    /// <param name="host">The host.</param>
    public static SshRoute To(SshSpecification ssh, HostSpecification host) => new(
        host.Address,
        ssh.Port,
        ssh.User,
        host.HostKey,
        ssh.Bastion is { } bastion ? new SshRoute(bastion.Address, bastion.Port, bastion.User, bastion.HostKey) : null);

    /// <summary>Where the key of a cluster's connections comes from.</summary>
    /// <param name="ssh">How the cluster's hosts are reached.</param>
    public static SshKeySource KeySource(SshSpecification ssh) =>
        ssh.PrivateKeyFile is not null ? SshKeySource.File : ssh.Agent ? SshKeySource.Agent : SshKeySource.Secret;
}
