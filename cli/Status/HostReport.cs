namespace PostgresHa.Cli.Status;

/// <summary>What one host sees of the cluster: the answer of its tool <c>host-report</c>, as far as a verdict needs it.</summary>
public sealed record HostReport
{
    /// <summary>Its clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Time since its boot; null when it does not say.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Free part of the disk with the data directory, 0 to 1; null when it does not say.</summary>
    public double? FreeDisk { get; init; }

    /// <summary>Old data directories that are kept since pg_rewind failed.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Whether one of its interfaces carries the virtual IP.</summary>
    public bool Vip { get; init; }

    /// <summary>Whether it has a watchdog device.</summary>
    public bool Watchdog { get; init; }

    /// <summary>
    /// What drives the device: the driver's name where the kernel tells one, and how the watchdog names itself; null when neither is
    /// known.
    /// </summary>
    public string? WatchdogDriver { get; init; }

    /// <summary>Why its PgBouncer does not answer; null when it does.</summary>
    public string? PgBouncerError { get; init; }

    /// <summary>By path when each certificate ends; null where it cannot be read.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset?> Certificates { get; init; } = new Dictionary<string, DateTimeOffset?>();

    /// <summary>Whether its PostgreSQL takes clients without TLS.</summary>
    public bool TakesClientsWithoutTls { get; init; }

    /// <summary>The units it was asked for.</summary>
    public IReadOnlyList<ServiceReport> Services { get; init; } = [];

    /// <summary>What its Patroni says.</summary>
    public PatroniReport Patroni { get; init; } = new();

    /// <summary>What its etcd says; null where there is no member.</summary>
    public EtcdReport? Etcd { get; init; }

    /// <summary>What its HAProxy says.</summary>
    public HAProxyReport HAProxy { get; init; } = new();

    /// <summary>The components that run on it and told their version.</summary>
    public IReadOnlyList<ComponentReport> Components { get; init; } = [];
}

/// <summary>A systemd unit.</summary>
public sealed record ServiceReport
{
    /// <summary>Its name.</summary>
    public required string Unit { get; init; }

    /// <summary>Whether there is such a unit.</summary>
    public bool Installed { get; init; }

    /// <summary>Whether it runs.</summary>
    public bool Active { get; init; }

    /// <summary>Whether it starts at boot.</summary>
    public bool Enabled { get; init; }

    /// <summary>Its state in systemd's words, such as <c>failed (failed)</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>How often systemd has restarted it.</summary>
    public int Restarts { get; init; }

    /// <summary>Since when it runs, in systemd's words.</summary>
    public string? Since { get; init; }
}

/// <summary>Patroni's answers.</summary>
public sealed record PatroniReport
{
    /// <summary>Why there is no answer; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>The dynamic configuration, flat (see <see cref="DynamicSettings"/>); null when it was not told.</summary>
    public IReadOnlyDictionary<string, string>? Configuration { get; init; }

    /// <summary>The cluster as this member sees it.</summary>
    public PatroniCluster? Cluster { get; init; }
}

/// <summary>Patroni's <c>GET /cluster</c>.</summary>
public sealed record PatroniCluster
{
    /// <summary>The members.</summary>
    public IReadOnlyList<PatroniMember> Members { get; init; } = [];

    /// <summary>Whether automatic failover is switched off.</summary>
    public bool Pause { get; init; }
}

/// <summary>A member as Patroni lists it.</summary>
public sealed record PatroniMember
{
    /// <summary>Its name, that of the host.</summary>
    public required string Name { get; init; }

    /// <summary><c>leader</c>, <c>replica</c>, <c>sync_standby</c>, <c>quorum_standby</c> …</summary>
    public string Role { get; init; } = "";

    /// <summary><c>running</c>, <c>streaming</c>, <c>start failed</c> …</summary>
    public string State { get; init; } = "";

    /// <summary>Its timeline; null when it does not say.</summary>
    public long? Timeline { get; init; }

    /// <summary>Bytes it is behind; null on the leader, or when nobody knows.</summary>
    public long? LagBytes { get; init; }

    /// <summary>Whether a parameter waits for a restart.</summary>
    public bool PendingRestart { get; init; }
}

/// <summary>An etcd member's answers.</summary>
public sealed record EtcdReport
{
    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it can commit, that is, sees a quorum.</summary>
    public bool Healthy { get; init; }

    /// <summary>Whether it leads.</summary>
    public bool Leads { get; init; }

    /// <summary>Id of the member it takes for the leader; null when it knows none.</summary>
    public string? Leader { get; init; }

    /// <summary>Its version.</summary>
    public string? Version { get; init; }

    /// <summary>Size of its database in bytes.</summary>
    public long? DatabaseBytes { get; init; }

    /// <summary>Its raft term.</summary>
    public long? Term { get; init; }

    /// <summary>Whether it answers clients with and without TLS, in the middle of a change.</summary>
    public bool AnswersByBoth { get; init; }
}

/// <summary>HAProxy's table.</summary>
public sealed record HAProxyReport
{
    /// <summary>Why there is none; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>The servers of all backends.</summary>
    public IReadOnlyList<HAProxyServer> Servers { get; init; } = [];

    /// <summary>Whether it still checks the members in two ways, amid a change from the one to the other.</summary>
    public bool ChecksInBothWays { get; init; }
}

/// <summary>A server of a backend as one HAProxy sees it.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Server">The server, named after its host.</param>
/// <param name="Up">Whether it is given connections.</param>
/// <param name="Status">HAProxy's word for it: <c>UP</c>, <c>DOWN</c>, <c>MAINT</c> …</param>
/// <param name="Sessions">Sessions it serves now.</param>
public sealed record HAProxyServer(string Backend, string Server, bool Up, string Status, long Sessions);

/// <summary>What became of the question to one host.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Report">The answer; null when there is none.</param>
/// <param name="Failure">Why there is none.</param>
public sealed record HostAnswer(string Host, HostReport? Report, string? Failure);
