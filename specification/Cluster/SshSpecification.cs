namespace PostgresHa.Specification;

/// <summary>How the hosts are reached over SSH.</summary>
public sealed record SshSpecification
{
    /// <summary>User to log in as. Root, or one with password-less sudo. Default <c>root</c>.</summary>
    public required string User { get; init; }

    /// <summary>TCP port of sshd. Default 22.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// Path of the private key's file, relative to the project's folder or absolute; null when the key comes from the secret
    /// <c>postgres-ha:sshPrivateKey</c> or from an agent.
    /// </summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>True when an SSH agent (SSH_AUTH_SOCK) holds the key. Default false.</summary>
    public required bool Agent { get; init; }

    /// <summary>Path of a known_hosts file from which host keys are taken that a host does not state itself; null for none.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>Host to jump through; null for a direct connection.</summary>
    public BastionSpecification? Bastion { get; init; }

    /// <summary>
    /// Name of the Linux network namespace from which alone the hosts may be dialled; null for none. The lab uses it: its addresses may
    /// belong to somebody else outside.
    /// </summary>
    public string? NetworkNamespace { get; init; }
}

/// <summary>The host all connections jump through.</summary>
public sealed record BastionSpecification
{
    /// <summary>Its address or name. Required.</summary>
    public required string Address { get; init; }

    /// <summary>TCP port of its sshd. Default 22.</summary>
    public required int Port { get; init; }

    /// <summary>User to log in as. Default: the hosts' user.</summary>
    public required string User { get; init; }

    /// <summary>Its public host key, for instance <c>ssh-ed25519 AAAA…</c>. Required here or in the known_hosts file.</summary>
    public required string HostKey { get; init; }
}
