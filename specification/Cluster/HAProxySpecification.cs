namespace PostgresHa.Specification;

/// <summary>Where reads go when no replica is left.</summary>
public enum ReadFallback
{
    /// <summary>To the leader.</summary>
    Leader,

    /// <summary>Nowhere: read connections are refused.</summary>
    None,
}

/// <summary>HAProxy.</summary>
public sealed record HAProxySpecification
{
    /// <summary>Connections of the whole process (global maxconn). Default 1000.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Connections of each frontend (defaults maxconn); below <see cref="MaxConnections"/>. Default 900.</summary>
    public required int FrontendMaxConnections { get; init; }

    /// <summary>Connections to each server (server maxconn). Default 100.</summary>
    public required int ServerMaxConnections { get; init; }

    /// <summary>How long a connection may wait for a free server slot. Default 1 min.</summary>
    public required TimeSpan QueueTimeout { get; init; }

    /// <summary>How long connecting to a server may take. Default 4 s.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>How long a client may be silent. Default 60 min.</summary>
    public required TimeSpan ClientTimeout { get; init; }

    /// <summary>How long a server may be silent. Default 60 min.</summary>
    public required TimeSpan ServerTimeout { get; init; }

    /// <summary>How long a health check may take once connected. Default 2 s.</summary>
    public required TimeSpan CheckTimeout { get; init; }

    /// <summary>Time between health checks (inter). Default 1 s.</summary>
    public required TimeSpan CheckInterval { get; init; }

    /// <summary>Time between health checks while the state is changing (fastinter). Default 250 ms.</summary>
    public required TimeSpan CheckFastInterval { get; init; }

    /// <summary>Failed checks in a row after which a server is out (fall). Default 2.</summary>
    public required int CheckFall { get; init; }

    /// <summary>Successful checks in a row after which a server is in (rise). Default 1.</summary>
    public required int CheckRise { get; init; }

    /// <summary>Where reads go when no replica is left. Default <see cref="Specification.ReadFallback.Leader"/>.</summary>
    public required ReadFallback ReadFallback { get; init; }

    /// <summary>Refresh interval of the statistics page. Default 10 s.</summary>
    public required TimeSpan StatisticsRefresh { get; init; }

    /// <summary>User of the statistics page; the password is generated. Default <c>admin</c>.</summary>
    public required string StatisticsUser { get; init; }

    /// <summary>Whether the statistics page may change servers' states. Default false.</summary>
    public required bool StatisticsAdmin { get; init; }
}
