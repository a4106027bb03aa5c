using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Where Patroni's members answer, and the PostgreSQL that each runs.</summary>
public static class PatroniEndpoints
{
    /// <summary>A member's REST API.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The member's host.</param>
    public static Endpoint Api(ClusterSpecification cluster, HostSpecification host) =>
        Endpoint.Http(host.Address, cluster.Ports.PatroniApi, Audience.Peers, tls: cluster.Patroni.ApiTls);

    /// <summary>A member's PostgreSQL.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The member's host.</param>
    public static Endpoint Postgres(ClusterSpecification cluster, HostSpecification host) =>
        new(host.Address, cluster.Ports.Postgres, Audience.Clients);
}
