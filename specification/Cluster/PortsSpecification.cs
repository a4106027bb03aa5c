namespace PostgresHa.Specification;

/// <summary>The TCP ports of all services. All differ.</summary>
public sealed record PortsSpecification
{
    [Number("PostgreSQL on each host.", 5432, 1, 65535)]
    public required int Postgres { get; init; }

    [Number("PgBouncer on each host.", 6432, 1, 65535, Name = "pgbouncer")]
    public required int PgBouncer { get; init; }

    [Number("Patroni's REST API on each host.", 8008, 1, 65535)]
    public required int PatroniApi { get; init; }

    [Number("etcd for its clients.", 2379, 1, 65535)]
    public required int EtcdClient { get; init; }

    [Number("etcd for its peers.", 2380, 1, 65535)]
    public required int EtcdPeer { get; init; }

    [Number("HAProxy on the VIP: the leader.", 5000, 1, 65535)]
    public required int Write { get; init; }

    [Number("HAProxy on the VIP: the replicas.", 5001, 1, 65535)]
    public required int Read { get; init; }

    [Number("HAProxy on the VIP: the leader through PgBouncer.", 5002, 1, 65535)]
    public required int PooledWrite { get; init; }

    [Number("HAProxy on the VIP: the replicas through PgBouncer.", 5003, 1, 65535)]
    public required int PooledRead { get; init; }

    [Number("HAProxy's statistics page on each host.", 7000, 1, 65535)]
    public required int Statistics { get; init; }

    [Number("HAProxy's answer to keepalived's check, on the loopback address of each host only.", 7001, 1, 65535, Name = "haproxyHealth")]
    public required int HAProxyHealth { get; init; }

    [Number("The build host hands built archives to its peers here, only while a build is distributed.", 8099, 1, 65535)]
    public required int Artefacts { get; init; }

    [Number("node_exporter on each host, where it is wanted.", 9100, 1, 65535)]
    public required int NodeExporter { get; init; }
}
