using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Every service, one line each: what the hosts need of them before they exist.</summary>
public static class Services
{
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
        .. All.SelectMany(service => service.LeastVersions(cluster, host)),
    ];

    /// <summary>The ports of all services on a host, by number.</summary>
    public static IReadOnlyList<ServicePort> Ports(ClusterSpecification cluster, HostSpecification host) =>
    [
        .. All.SelectMany(service => service.Ports(cluster, host)).OrderBy(port => port.Port),
    ];
}
