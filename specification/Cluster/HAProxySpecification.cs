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
    [Number("Connections of the whole process (global maxconn).", 1000, 10, 1_000_000)]
    public required int MaxConnections { get; init; }

    [Number("Connections of each frontend (defaults maxconn); below maxConnections.", 900, 1, 1_000_000)]
    public required int FrontendMaxConnections { get; init; }

    [Number("Connections to each server (server maxconn).", 100, 1, 1_000_000)]
    public required int ServerMaxConnections { get; init; }

    [Duration("How long a connection may wait for a free server slot.", "1m", "100ms", "24h")]
    public required TimeSpan QueueTimeout { get; init; }

    [Duration("How long connecting to a server may take.", "4s", "100ms", "24h")]
    public required TimeSpan ConnectTimeout { get; init; }

    [Duration("How long a client may be silent.", "60m", "100ms", "24h")]
    public required TimeSpan ClientTimeout { get; init; }

    [Duration("How long a server may be silent.", "60m", "100ms", "24h")]
    public required TimeSpan ServerTimeout { get; init; }

    [Duration("How long a health check may take once connected.", "2s", "100ms", "24h")]
    public required TimeSpan CheckTimeout { get; init; }

    [Duration("Time between health checks (inter).", "1s", "100ms", "5m")]
    public required TimeSpan CheckInterval { get; init; }

    [Duration("Time between health checks while the state is changing (fastinter).", "250ms", "100ms", "5m")]
    public required TimeSpan CheckFastInterval { get; init; }

    [Number("Failed checks in a row after which a server is out (fall).", 2, 1, 100)]
    public required int CheckFall { get; init; }

    [Number("Successful checks in a row after which a server is in (rise).", 1, 1, 100)]
    public required int CheckRise { get; init; }

    [Choice("Where reads go when no replica is left: to the `leader`, or nowhere (`none`).", "leader")]
    public required ReadFallback ReadFallback { get; init; }

    [Duration("Refresh interval of the statistics page.", "10s", "1s", "1h", Step = "1s")]
    public required TimeSpan StatisticsRefresh { get; init; }

    [Text("User of the statistics page; the password is generated.", "admin", Form = TextForm.StatisticsName)]
    public required string StatisticsUser { get; init; }

    [Flag("Whether the statistics page may change servers' states.", false)]
    public required bool StatisticsAdmin { get; init; }

    [Flag("Whether the statistics page is served by TLS; never where `tls.clients` is `off`.", true)]
    public required bool StatisticsTls { get; init; }
}
