namespace PostgresHa.Specification;

/// <summary>Everything that decides how one cluster looks: the validated content of the stack's <c>postgres-ha:cluster</c> value.</summary>
/// <remarks>
/// Instances come from <see cref="SpecificationReader"/>, which fills defaults and refuses what cannot work; so whoever holds one may rely
/// on every rule of DESIGN.md, section 5. No secret is part of it.
/// </remarks>
public sealed record ClusterSpecification
{
    /// <summary>Name of the cluster: Patroni's scope, etcd's cluster token and the prefix of what is named after the cluster. Required.</summary>
    public required string Name { get; init; }

    /// <summary>The profile that timings come from which are not stated one by one. Default <see cref="TimingProfile.Normal"/>.</summary>
    public TimingProfile Profile { get; init; } = TimingProfile.Normal;

    /// <summary>How the hosts are reached.</summary>
    public required SshSpecification Ssh { get; init; }

    /// <summary>The hosts, in the order of the stack file. An odd number of at least three.</summary>
    public required IReadOnlyList<HostSpecification> Hosts { get; init; }

    /// <summary>The virtual IP that clients connect to.</summary>
    public required VipSpecification Vip { get; init; }

    /// <summary>Every port of every service, from this one place.</summary>
    public required PortsSpecification Ports { get; init; }

    /// <summary>PostgreSQL: version, build, directories, parameters, application database.</summary>
    public required PostgresSpecification Postgres { get; init; }

    /// <summary>etcd: version, how it is installed, timings.</summary>
    public required EtcdSpecification Etcd { get; init; }

    /// <summary>Patroni: how it is installed, timings, synchronous mode, watchdog.</summary>
    public required PatroniSpecification Patroni { get; init; }

    /// <summary>HAProxy: limits, timeouts, health checks, statistics.</summary>
    public required HAProxySpecification HAProxy { get; init; }

    /// <summary>PgBouncer: pool mode and sizes.</summary>
    public required PgBouncerSpecification PgBouncer { get; init; }

    /// <summary>Firewall: whether it is managed, and which networks are clients.</summary>
    public required FirewallSpecification Firewall { get; init; }

    /// <summary>Where downloads come from.</summary>
    public required MirrorsSpecification Mirrors { get; init; }

    /// <summary>What the preflight asks of the hosts.</summary>
    public required PreflightSpecification Preflight { get; init; }

    /// <summary>Raise it to have every file written and every service checked once more, for instance after drift was found. Default 0.</summary>
    public required int Reapply { get; init; }

    /// <summary>The hosts that run an etcd member, in the order of <see cref="Hosts"/>.</summary>
    public IReadOnlyList<HostSpecification> EtcdHosts => [.. Hosts.Where(host => host.Etcd)];

    /// <summary>The hosts that may hold the virtual IP, in the order of <see cref="Hosts"/>.</summary>
    public IReadOnlyList<HostSpecification> VrrpHosts => [.. Hosts.Where(host => host.Vrrp)];
}
