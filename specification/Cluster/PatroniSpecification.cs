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
    /// <summary>How it is installed. Default <see cref="PatroniMethod.Pip"/>.</summary>
    public required PatroniMethod Method { get; init; }

    /// <summary>Its version when installed with pip. Default 4.1.5.</summary>
    public required string Version { get; init; }

    /// <summary>Key prefix in etcd. Default <c>/db</c>. The keys of the cluster are below namespace and <see cref="ClusterSpecification.Name"/>.</summary>
    public required string Namespace { get; init; }

    /// <summary>Life time of the leader's lock. Default 20 s, the least Patroni allows; at least loop_wait + 2 × retry_timeout.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>Time between two rounds of Patroni's loop. Default 3 s.</summary>
    public required TimeSpan LoopWait { get; init; }

    /// <summary>How long operations on etcd and PostgreSQL are retried before the leader demotes itself. Default 8 s.</summary>
    public required TimeSpan RetryTimeout { get; init; }

    /// <summary>Most WAL in bytes a replica may lag to be electable (maximum_lag_on_failover). Default 1 MB.</summary>
    public required long MaximumLagOnFailover { get; init; }

    /// <summary>How long a crashed primary may take to start again in place before a failover (primary_start_timeout). Default 60 s.</summary>
    public required TimeSpan PrimaryStartTimeout { get; init; }

    /// <summary>Synchronous replication. Default <see cref="SynchronousMode.Off"/>.</summary>
    public required SynchronousMode Synchronous { get; init; }

    /// <summary>
    /// After how long without a sign of life a replica counts as gone (wal_sender_timeout, wal_receiver_timeout), unless postgres.parameters say otherwise:
    /// 20 s; 5 s where commits wait for a replica, since a lost one holds up every commit for as long.
    /// </summary>
    public TimeSpan ReplicationTimeout => TimeSpan.FromSeconds(Synchronous == SynchronousMode.Off ? 20 : 5);

    /// <summary>
    /// How soon a replica that lost its primary tries again (wal_retrieve_retry_interval), unless postgres.parameters say otherwise: 500 ms. By PostgreSQL's
    /// own 5 s, commits that wait for a replica would wait for that.
    /// </summary>
    public static TimeSpan ReplicationRetry { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the primary goes on when etcd is lost but every member still answers it (failsafe_mode). Default true.</summary>
    public required bool FailsafeMode { get; init; }

    /// <summary>Replication slots that survive a change of leader. Default none.</summary>
    public required IReadOnlyList<PermanentSlot> Slots { get; init; }

    /// <summary>Slots that Patroni leaves alone; any other that is neither a member's nor permanent it drops on the leader. Default none.</summary>
    public required IReadOnlyList<IgnoredSlot> IgnoreSlots { get; init; }

    /// <summary>What becomes of a member whose pg_rewind fails, for instance since the WAL it needs is gone. Default <see cref="Specification.RewindFailure.Copy"/>.</summary>
    public required RewindFailure RewindFailure { get; init; }

    /// <summary>Watchdog mode. Default <see cref="WatchdogMode.Required"/>.</summary>
    public required WatchdogMode Watchdog { get; init; }

    /// <summary>Time the watchdog fires before the lock expires (safety_margin). Default 5 s; -1 s makes it fire after half of the ttl.</summary>
    public required TimeSpan WatchdogSafetyMargin { get; init; }
}
