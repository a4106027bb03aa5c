namespace PostgresHa.Specification;

/// <summary>How Patroni is installed.</summary>
public enum PatroniMethod
{
    /// <summary>With pip, in a virtual environment, at a pinned version.</summary>
    Pip,

    /// <summary>The distribution's package.</summary>
    Package,
}

/// <summary>Synchronous replication as Patroni manages it.</summary>
public enum SynchronousMode
{
    /// <summary>Asynchronous replication.</summary>
    Off,

    /// <summary>One synchronous replica while one is there (synchronous_mode: on).</summary>
    On,

    /// <summary>No write without a synchronous replica (synchronous_mode_strict).</summary>
    Strict,

    /// <summary>Quorum commit (synchronous_mode: quorum).</summary>
    Quorum,
}

/// <summary>Whether Patroni uses a watchdog.</summary>
public enum WatchdogMode
{
    /// <summary>A host becomes leader only with a working watchdog.</summary>
    Required,

    /// <summary>The watchdog is used where there is one.</summary>
    Automatic,

    /// <summary>No watchdog.</summary>
    Off,
}

/// <summary>What a change does that takes the leader's host out of the cluster.</summary>
public enum LeaderRemoval
{
    /// <summary>It is refused: the lead is handed over first, by whoever decides when.</summary>
    Refuse,

    /// <summary>It hands the lead over itself.</summary>
    Switchover,
}

/// <summary>What becomes of a member whose pg_rewind fails.</summary>
public enum RewindFailure
{
    /// <summary>A fresh copy of the leader's data; the old data directory is kept beside it where space allows.</summary>
    Copy,

    /// <summary>A fresh copy of the leader's data; the old data directory is removed.</summary>
    Replace,

    /// <summary>The member stays down until somebody looks.</summary>
    Stop,
}

/// <summary>Patroni.</summary>
public sealed record PatroniSpecification
{
    [Choice("How it is installed: with pip in a virtual environment, or the distribution's package.", "pip")]
    public required PatroniMethod Method { get; init; }

    [Text("Version installed with pip.", "4.1.5", Form = TextForm.PatroniVersion)]
    public required string Version { get; init; }

    [Text("Key prefix in etcd; the cluster's keys are below it and `name`.", "/db", Form = TextForm.EtcdPath)]
    public required string Namespace { get; init; }

    /// <remarks>The default is the least that Patroni allows.</remarks>
    [Duration("Life time of the leader's lock; at least loopWait + 2 × retryTimeout.", "20s", "20s", "1h", Step = "1s")]
    public required TimeSpan Ttl { get; init; }

    [Duration("Time between two rounds of Patroni's loop.", "3s", "1s", "10m", Step = "1s")]
    public required TimeSpan LoopWait { get; init; }

    [Duration("How long operations on etcd and PostgreSQL are retried before the leader demotes itself.", "8s", "3s", "10m", Step = "1s")]
    public required TimeSpan RetryTimeout { get; init; }

    [Size("Most WAL a replica may lag to be electable.", "1MB", "0", "1TB")]
    public required long MaximumLagOnFailover { get; init; }

    [Duration(
        "How long a crashed primary may take to start again in place before a failover; 0 fails over at once.",
        "60s", "0s", "1d", Step = "1s")]
    public required TimeSpan PrimaryStartTimeout { get; init; }

    [Choice("Synchronous replication: `on` while a replica is there, `strict` no write without one, `quorum` commit by quorum.", "off")]
    public required SynchronousMode Synchronous { get; init; }

    /// <summary>
    /// After how long without a sign of life a replica counts as gone (wal_sender_timeout, wal_receiver_timeout), unless
    /// postgres.parameters say otherwise: 20 s; 5 s where commits wait for a replica, since a lost one holds up every commit for as long.
    /// </summary>
    public TimeSpan ReplicationTimeout => TimeSpan.FromSeconds(Synchronous == SynchronousMode.Off ? 20 : 5);

    /// <summary>
    /// How soon a replica that lost its primary tries again (wal_retrieve_retry_interval), unless postgres.parameters say otherwise: 500
    /// ms. By PostgreSQL's own 5 s, commits that wait for a replica would wait for that.
    /// </summary>
    public static TimeSpan ReplicationRetry { get; } = TimeSpan.FromMilliseconds(500);

    [Flag(
        "Whether the members' REST API is served by TLS, and HAProxy's checks verify name and authority. A cluster that serves is changed "
        + "without an outage, both ways.",
        true)]
    public required bool ApiTls { get; init; }

    [Flag("Whether the primary goes on when etcd is lost but every member still answers it.", true)]
    public required bool FailsafeMode { get; init; }

    [Choice(
        "What becomes of a former leader whose pg_rewind fails: `copy` takes a fresh copy of the leader's data and keeps the old "
        + "directory in `DATA.kept` "
        + "beside it where space allows, `replace` keeps none, `stop` leaves it down for somebody to look.",
        "copy")]
    public required RewindFailure RewindFailure { get; init; }

    [Choice(
        "What a change does that takes the leader's host out of `hosts`: `refuse` it, so that the lead is handed over first by hand, or "
        + "`switchover` hand it over itself.",
        "refuse")]
    public required LeaderRemoval LeaderRemoval { get; init; }

    [Choice("Whether a leader needs a watchdog: `required`, `automatic` (used where there is one), `off`.", "required")]
    public required WatchdogMode Watchdog { get; init; }

    [Duration(
        "Time the watchdog fires before the lock expires; -1 makes it fire after half of ttl.",
        "5s", "0s", "30m", Step = "1s", AlsoAllowed = "-1")]
    public required TimeSpan WatchdogSafetyMargin { get; init; }

    [Section]
    public required IReadOnlyList<PermanentSlot> Slots { get; init; }

    [Section]
    public required IReadOnlyList<IgnoredSlot> IgnoreSlots { get; init; }
}
