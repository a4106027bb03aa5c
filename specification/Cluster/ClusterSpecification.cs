namespace PostgresHa.Specification;

/// <summary>
/// Everything that decides how one cluster looks: the validated content of the stack's <c>postgres-ha:cluster</c> value.
/// </summary>
/// <remarks>
/// Instances come from <see cref="SpecificationReader"/>, which fills defaults and refuses what cannot work; so whoever holds one may rely
/// on every rule of DESIGN.md, section 5. No secret is part of it.
/// </remarks>
public sealed record ClusterSpecification
{
    [Text(
        "Name of the cluster: Patroni's scope, etcd's cluster token and prefix of what is named after the cluster.",
        Form = TextForm.ClusterName)]
    public required string Name { get; init; }

    [Number(
        "Raise it to have every file written and every service checked once more, for instance after drift was found.",
        0, 0, int.MaxValue)]
    public required int Reapply { get; init; }

    [Choice(
        "Timings that fit together; single values go over it. `fast` notices a crash sooner and takes a short hiccup for a loss sooner, "
        + "a lost host keeps its lease of 20 s, `wide-network` is for hosts in several places.",
        "normal")]
    public TimingProfile Profile { get; init; } = TimingProfile.Normal;

    [Section]
    public required SshSpecification Ssh { get; init; }

    [Section]
    internal HostDefaults HostDefaults { get; init; } = new();

    [Section]
    public required IReadOnlyList<HostSpecification> Hosts { get; init; }

    [Section]
    public required VipSpecification Vip { get; init; }

    [Section]
    public required PortsSpecification Ports { get; init; }

    [Section("haproxy")]
    public required HAProxySpecification HAProxy { get; init; }

    [Section("pgbouncer")]
    public required PgBouncerSpecification PgBouncer { get; init; }

    [Section]
    public required FirewallSpecification Firewall { get; init; }

    [Section]
    public required MirrorsSpecification Mirrors { get; init; }

    [Section]
    public required PreflightSpecification Preflight { get; init; }

    [Section]
    public required PostgresSpecification Postgres { get; init; }

    [Section]
    public required EtcdSpecification Etcd { get; init; }

    [Section]
    public required PatroniSpecification Patroni { get; init; }

    [Section]
    public required TlsSpecification Tls { get; init; }

    [Section]
    public required PasswordsSpecification Passwords { get; init; }

    [Section]
    public required NodeExporterSpecification NodeExporter { get; init; }

    /// <summary>Paths of what the stack file states, sections among it; all else are defaults.</summary>
    internal IReadOnlySet<string> Written { get; init; } = new HashSet<string>();

    /// <summary>The hosts that run an etcd member, in the order of <see cref="Hosts"/>.</summary>
    public IReadOnlyList<HostSpecification> EtcdHosts => [.. Hosts.Where(host => host.Etcd)];

    /// <summary>The hosts that may hold the virtual IP, in the order of <see cref="Hosts"/>.</summary>
    public IReadOnlyList<HostSpecification> VrrpHosts => [.. Hosts.Where(host => host.Vrrp)];

    /// <summary>The same cluster with this said of its clients.</summary>
    /// <param name="clients">What becomes of those without TLS.</param>
    public ClusterSpecification WithClients(TlsClients clients) => this with { Tls = Tls with { Clients = clients } };
}
