namespace PostgresHa.Specification;

/// <summary>How the hosts are reached over SSH.</summary>
public sealed record SshSpecification
{
    [Text("User to log in as: root, or one with password-less sudo.", "root", Form = TextForm.UserName)]
    public required string User { get; init; }

    [Number("TCP port of sshd.", 22, 1, 65535)]
    public required int Port { get; init; }

    [Text(
        "Private key's file, absolute, below `~`, or relative to the project's folder.",
        Note = "the secret `postgres-ha:sshPrivateKey`, or `ssh.agent`")]
    public string? PrivateKeyFile { get; init; }

    [Flag("Whether an SSH agent (`SSH_AUTH_SOCK`) holds the key.", false)]
    public required bool Agent { get; init; }

    [Text(
        "File in OpenSSH's known_hosts format; gives the host keys that hosts do not state themselves. Relative to the project's folder.",
        Note = "none")]
    public string? KnownHostsFile { get; init; }

    /// <remarks>The lab uses it: its addresses may belong to somebody else outside.</remarks>
    [Text("Linux network namespace from which alone the hosts may be dialled.", Note = "none", Form = TextForm.NamespaceName)]
    public string? NetworkNamespace { get; init; }

    [Section(IsOptional = true)]
    public BastionSpecification? Bastion { get; init; }
}

/// <summary>The host all connections jump through.</summary>
public sealed record BastionSpecification
{
    [Text(
        "Address or name of the host all connections jump through.",
        Note = "none; required with any other `ssh.bastion` value",
        Form = TextForm.DnsName)]
    public required string Address { get; init; }

    [Number("TCP port of the bastion's sshd.", 22, 1, 65535)]
    public required int Port { get; init; }

    [Text("User to log in to the bastion as.", Note = "`ssh.user`", Form = TextForm.UserName)]
    public required string User { get; init; }

    [Text(
        "The bastion's public host key, `ssh-ed25519 AAAA…`, or of type `ecdsa-sha2-nistp256` (384, 521) or `ssh-rsa`.",
        Note = "from `ssh.knownHostsFile`")]
    public required string HostKey { get; init; }
}
