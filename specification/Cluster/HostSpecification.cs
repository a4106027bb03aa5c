namespace PostgresHa.Specification;

/// <summary>The family of distributions a host belongs to; it decides package names, the package manager and paths.</summary>
public enum SystemFamily
{
    /// <summary>Debian and Ubuntu: apt.</summary>
    Debian,

    /// <summary>Red Hat Enterprise Linux, Rocky, AlmaLinux, Oracle Linux: dnf or yum, SELinux.</summary>
    Rhel,
}

/// <summary>One host.</summary>
public sealed record HostSpecification
{
    [Text("Host name, also the name of its etcd and Patroni member.", Form = TextForm.HostName)]
    public required string Name { get; init; }

    [Text("IPv4 address the services listen on and the other hosts reach it by.")]
    public required string Address { get; init; }

    [Text("Network interface that carries the address.", Note = "`hostDefaults.interface`", Form = TextForm.InterfaceName)]
    public required string Interface { get; init; }

    [Text(
        "Public SSH host key, `ssh-ed25519 AAAA…`, or of type `ecdsa-sha2-nistp256` (384, 521) or `ssh-rsa`.",
        Note = "from `ssh.knownHostsFile`")]
    public required string HostKey { get; init; }

    [Choice("Family of the distribution.", Note = "`hostDefaults.system`")]
    public required SystemFamily System { get; init; }

    [Number("Cores; they size parallel builds and PostgreSQL's workers.", 1, 1024, Note = "`hostDefaults.cores`")]
    public required int Cores { get; init; }

    [Size("Memory; it sizes shared_buffers.", null, "512MB", "64TB", Note = "`hostDefaults.memory`")]
    public required long Memory { get; init; }

    [Number(
        "Raise it to have everything of this host applied once more, for instance when it was replaced by an empty one under the same SSH "
        + "host key, or lost etcd's data.",
        0, 0, int.MaxValue)]
    public required int Reapply { get; init; }

    [Flag("Whether the host runs an etcd member; at most seven do.", true)]
    public required bool Etcd { get; init; }

    [Flag("Whether the host may hold the virtual IP.", true)]
    public required bool Vrrp { get; init; }

    /// <remarks>By default all are equal: otherwise the VIP would move back, and cut connections, when a host returns.</remarks>
    [Number("VRRP priority. With equal ones the VIP stays where it is when a host returns.", 100, 1, 254)]
    public required int Priority { get; init; }
}
