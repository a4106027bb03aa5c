using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Every service, one line each: what the hosts need of them before they exist.</summary>
public static class Services
{
    // systemd: that of release 8 of the RHEL family, against which units and scripts are written. Python: that of the same, for the tools.
    private static readonly LeastVersion[] Least = [new("systemd", "239"), new("python3", "3.6")];

    /// <summary>All services.</summary>
    public static IReadOnlyList<ServiceDefinition> All { get; } =
    [
        Etcd.Definition,
        Firewall.Definition,
        HAProxy.Definition,
        Keepalived.Definition,
        Patroni.Definition,
        PgBouncer.Definition,
        PostgresBuild.Definition,
        Watchdog.Definition,
    ];

    /// <summary>The packages of all services on a host, sorted, each once: one transaction.</summary>
    public static IReadOnlyList<string> Packages(ClusterSpecification cluster, HostSpecification host) =>
    [
        .. HostPackages.Of(host.System).Concat(All.SelectMany(service => service.Packages(cluster, host))).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>The systemd units of all services on a host, sorted.</summary>
    public static IReadOnlyList<string> Units(ClusterSpecification cluster, HostSpecification host) =>
        [.. All.SelectMany(service => service.Units(cluster, host)).Order(StringComparer.Ordinal)];

    /// <summary>The packages whose upgrade restarts a service on a host, sorted.</summary>
    public static IReadOnlyList<string> RestartingPackages(ClusterSpecification cluster, HostSpecification host) =>
        [.. All.SelectMany(service => service.RestartingPackages(cluster, host)).Order(StringComparer.Ordinal)];

    /// <summary>The packages of all services on a host that must have at least some version.</summary>
    public static IReadOnlyList<LeastVersion> LeastVersions(ClusterSpecification cluster, HostSpecification host) =>
    [
        .. Least.Concat(All.SelectMany(service => service.LeastVersions(cluster, host))),
    ];

    /// <summary>What a host compiles, unless it is had finished.</summary>
    public static IReadOnlyList<SourceProgram> Compiles(ClusterSpecification cluster, HostSpecification host) =>
        [.. All.SelectMany(service => service.Compiles(cluster, host))];

    /// <summary>The folders below which programs lie on a host that no package brings, each once, sorted.</summary>
    public static IReadOnlyList<string> ProgramFolders(ClusterSpecification cluster, HostSpecification host) =>
    [
        .. All.SelectMany(service => service.ProgramFolders(cluster, host)).Append("/usr/local").Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>The ports of all services on a host, by number.</summary>
    public static IReadOnlyList<ServicePort> Ports(ClusterSpecification cluster, HostSpecification host) =>
    [
        .. All.SelectMany(service => service.Ports(cluster, host)).OrderBy(port => port.Port),
    ];
}
