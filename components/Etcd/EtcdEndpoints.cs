using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Where etcd's members answer.</summary>
public static class EtcdEndpoints
{
    /// <summary>A member for its clients.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The member's host.</param>
    public static Endpoint Client(ClusterSpecification cluster, HostSpecification host) =>
        Endpoint.Http(host.Address, cluster.Ports.EtcdClient, Audience.Peers, tls: cluster.Etcd.Tls);

    /// <summary>A member for the clients on its own host.</summary>
    /// <param name="cluster">The cluster.</param>
    public static Endpoint OwnClient(ClusterSpecification cluster) =>
        Endpoint.Http(Endpoint.Loopback, cluster.Ports.EtcdClient, Audience.Local, tls: cluster.Etcd.Tls);

    /// <summary>A member for its peers.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The member's host.</param>
    public static Endpoint Peer(ClusterSpecification cluster, HostSpecification host) =>
        Endpoint.Http(host.Address, cluster.Ports.EtcdPeer, Audience.Peers, tls: cluster.Etcd.Tls);
}
