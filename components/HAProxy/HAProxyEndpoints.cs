using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Where HAProxy answers: for clients on the virtual IP, whichever host holds it.</summary>
public static class HAProxyEndpoints
{
    /// <summary>The leader.</summary>
    public static Endpoint Write(ClusterSpecification cluster) => OnVip(cluster, cluster.Ports.Write);

    /// <summary>The replicas.</summary>
    public static Endpoint Read(ClusterSpecification cluster) => OnVip(cluster, cluster.Ports.Read);

    /// <summary>The leader through PgBouncer.</summary>
    public static Endpoint PooledWrite(ClusterSpecification cluster) => OnVip(cluster, cluster.Ports.PooledWrite);

    /// <summary>The replicas through PgBouncer.</summary>
    public static Endpoint PooledRead(ClusterSpecification cluster) => OnVip(cluster, cluster.Ports.PooledRead);

    /// <summary>All four.</summary>
    public static IReadOnlyList<Endpoint> Listeners(ClusterSpecification cluster) =>
    [
        Write(cluster), Read(cluster), PooledWrite(cluster), PooledRead(cluster),
    ];

    /// <summary>The statistics page.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="address">A host's address, or the virtual IP's.</param>
    public static Endpoint Statistics(ClusterSpecification cluster, string address) =>
        Endpoint.Http(address, cluster.Ports.Statistics, Audience.Clients, "/", HasTls(cluster));

    /// <summary>Whether the statistics page is served by TLS.</summary>
    /// <param name="cluster">The cluster.</param>
    public static bool HasTls(ClusterSpecification cluster) => cluster.Tls.IsOn && cluster.HAProxy.StatisticsTls;

    /// <summary>What keepalived's check asks on its own host.</summary>
    public static Endpoint Health(ClusterSpecification cluster) =>
        Endpoint.Http(Endpoint.Loopback, cluster.Ports.HAProxyHealth, Audience.Local, "/health");

    private static Endpoint OnVip(ClusterSpecification cluster, int port) => new(cluster.Vip.Address, port, Audience.Clients);
}
