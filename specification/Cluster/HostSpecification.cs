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
    /// <summary>Its host name, also the name of its etcd and Patroni member. Required, unique.</summary>
    public required string Name { get; init; }

    /// <summary>IPv4 address the services listen on and the other hosts reach it by. Required, unique.</summary>
    public required string Address { get; init; }

    /// <summary>Network interface that carries <see cref="Address"/>; keepalived puts the VIP there. Default: <c>hostDefaults.interface</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>Its public SSH host key, for instance <c>ssh-ed25519 AAAA…</c>. Required here or in the known_hosts file.</summary>
    public required string HostKey { get; init; }

    /// <summary>Family of its distribution. Default: <c>hostDefaults.system</c>. Checked by the preflight.</summary>
    public required SystemFamily System { get; init; }

    /// <summary>Cores; sizes parallel builds and PostgreSQL's workers. Default: <c>hostDefaults.cores</c>. Checked by the preflight.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory in bytes; sizes shared_buffers. Default: <c>hostDefaults.memory</c>. Checked by the preflight.</summary>
    public required long Memory { get; init; }

    /// <summary>Whether it runs an etcd member. Default true.</summary>
    public required bool Etcd { get; init; }

    /// <summary>Whether it takes part in VRRP, that is, may hold the virtual IP. Default true.</summary>
    public required bool Vrrp { get; init; }

    /// <summary>
    /// Its VRRP priority, 1 to 254. Default 100 on every host: with equal priorities the VIP stays where it is instead of moving back (and
    /// cutting connections) when a host returns.
    /// </summary>
    public required int Priority { get; init; }
}
