namespace PostgresHa.Specification;

/// <summary>The TCP ports of all services. All differ.</summary>
public sealed record PortsSpecification
{
    /// <summary>PostgreSQL on each host. Default 5432.</summary>
    public required int Postgres { get; init; }

    /// <summary>PgBouncer on each host. Default 6432.</summary>
    public required int PgBouncer { get; init; }

    /// <summary>Patroni's REST API on each host. Default 8008.</summary>
    public required int PatroniApi { get; init; }

    /// <summary>etcd for its clients. Default 2379.</summary>
    public required int EtcdClient { get; init; }

    /// <summary>etcd for its peers. Default 2380.</summary>
    public required int EtcdPeer { get; init; }

    /// <summary>HAProxy on the VIP: the leader. Default 5000.</summary>
    public required int Write { get; init; }

    /// <summary>HAProxy on the VIP: the replicas. Default 5001.</summary>
    public required int Read { get; init; }

    /// <summary>HAProxy on the VIP: the leader through PgBouncer. Default 5002.</summary>
    public required int PooledWrite { get; init; }

    /// <summary>HAProxy on the VIP: the replicas through PgBouncer. Default 5003.</summary>
    public required int PooledRead { get; init; }

    /// <summary>HAProxy's statistics page on each host. Default 7000.</summary>
    public required int Statistics { get; init; }

    /// <summary>HAProxy's own liveness answer, on the loopback address of each host only; keepalived asks it. Default 7001.</summary>
    public required int HAProxyHealth { get; init; }

    /// <summary>The build host hands built archives to its peers here, only while a build is distributed. Default 8099.</summary>
    public required int Artefacts { get; init; }
}
