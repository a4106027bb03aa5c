using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>One part of a failover's time.</summary>
/// <param name="Name">What happens, in a few words.</param>
/// <param name="Time">Its longest duration.</param>
/// <param name="Formula">How it follows from the specification, or why it is a constant.</param>
public sealed record BudgetTerm(string Name, TimeSpan Time, string Formula)
{
    /// <summary>The term as a phrase.</summary>
    /// <returns>For instance <c>promotion, up to 2 s (2 s: the end of recovery)</c>.</returns>
    public override string ToString() => $"{Name}, up to {Scalars.Show(Time)} ({Formula})";
}

/// <summary>One way to lose the service, and how long writes (or, for the virtual IP, all connections) may fail because of it.</summary>
/// <param name="Name">Short name, stable: <c>leader-host-lost</c>.</param>
/// <param name="Title">What happened, as a sentence's beginning.</param>
/// <param name="Terms">What takes part, in the order in which it happens.</param>
public sealed record FailoverScenario(string Name, string Title, IReadOnlyList<BudgetTerm> Terms)
{
    /// <summary>The worst case: the sum of the terms, each at its longest.</summary>
    public TimeSpan Total => Terms.Aggregate(TimeSpan.Zero, static (sum, term) => sum + term.Time);

    /// <summary>The scenario as one line: total and terms.</summary>
    /// <returns>For instance <c>leader's host lost: 53 s = 2 s etcd election + …</c>.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Title}: {Scalars.Show(Total)} = {string.Join(" + ", Terms.Select(term => $"{Scalars.Show(term.Time)} {term.Name}"))}");
}

/// <summary>The worst case of each kind of failover, computed from the stack's own timings.</summary>
/// <remarks>
/// A worst case adds every part at its longest, which no single failover does: measured ones lie well below. What grows without a bound of
/// the specification (WAL that a replica received and has not replayed) stands in as a constant, and its formula says so. Sources:
/// Patroni's documentation (ttl, loop_wait, watchdog) and its source (two seconds to ask each member before a race, two for the replicas
/// that a switchover passes over); etcd's lessor, which gives every lease its full time plus an election timeout when a new leader takes
/// over, and looks for expired ones every 500 ms; RFC 5798 (VRRP), section 6.1; HAProxy's documentation of inter, fastinter, downinter,
/// fall and rise.
/// </remarks>
public static class FailoverBudget
{
    private static readonly TimeSpan LeaseScan = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskMembers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SwitchoverPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Promotion = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CleanShutdown = TimeSpan.FromSeconds(5);

    // Linux, tcp_retries2 = 15.
    private static readonly TimeSpan TcpGivesUp = TimeSpan.FromSeconds(924.6);

    private static readonly TimeSpan HealthAnswer = TimeSpan.FromSeconds(3);

    /// <summary>All scenarios.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <returns>Each with its terms, in a fixed order; <c>replica-lost</c> only where writes wait for a replica.</returns>
    public static IReadOnlyList<FailoverScenario> Of(ClusterSpecification cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return
        [
            LeaderHostLost(cluster),
            PostgresCrashed(cluster),
            PatroniStopped(cluster),
            Switchover(cluster),
            VipHolderLost(cluster),
            HAProxyStopped(cluster),
            .. ReplicaLost(cluster),
        ];
    }

    /// <summary>
    /// PostgreSQL is restarted on the leader, which stays the leader: what a change asks for that no replica may have before its leader.
    /// Not one of <see cref="Of"/>, since nothing but an asked-for change brings it about.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    public static FailoverScenario RestartInPlace(ClusterSpecification cluster) => new(
        "restart-in-place",
        "PostgreSQL is restarted on the leader",
        [
            Shutdown(),
            new("start", Promotion, "2 s: a start after a clean shutdown"),
            .. ReplicaFollows(cluster, TimeSpan.Zero),
            .. NewLeaderInProxy(cluster),
        ]);

    private static FailoverScenario LeaderHostLost(ClusterSpecification cluster)
    {
        var etcd = cluster.Etcd;
        return new(
            "leader-host-lost",
            "The leader's host is lost, and with it etcd's leader",
            [
                new("etcd election", 2 * etcd.ElectionTimeout, "2 × etcd.electionTimeout: a follower waits between one and two of them"),
                new(
                    "leader lock expires",
                    cluster.Patroni.Ttl + etcd.ElectionTimeout,
                    "patroni.ttl + etcd.electionTimeout: etcd's next leader grants every lease its full time again, and an election "
                    + "timeout on top"),
                new("etcd notices", LeaseScan, "0.5 s: etcd looks for expired leases so often"),
                .. Election(cluster),
                .. NewLeaderInProxy(cluster),
            ]);
    }

    private static FailoverScenario PostgresCrashed(ClusterSpecification cluster) => new(
        "postgres-crashed",
        "PostgreSQL crashes on the leader and does not come up again there",
        [
            new("Patroni notices", cluster.Patroni.LoopWait, "patroni.loopWait"),
            new(
                "restart in place is tried",
                cluster.Patroni.PrimaryStartTimeout,
                "patroni.primaryStartTimeout: usually crash recovery ends within seconds, and the leader stays"),
            .. Election(cluster),
            .. ChangeOfLeaderInProxy(cluster),
            LoginRetry(cluster),
        ]);

    private static FailoverScenario PatroniStopped(ClusterSpecification cluster) => new(
        "patroni-stopped",
        "Patroni is stopped on the leader",
        [Shutdown(), .. Election(cluster), .. ChangeOfLeaderInProxy(cluster)]);

    private static FailoverScenario Switchover(ClusterSpecification cluster) => new(
        "switchover",
        "A switchover is asked for",
        [
            Shutdown(),
            new(
                "candidate takes the lock",
                cluster.Patroni.LoopWait,
                "patroni.loopWait: usually at once, the freed lock wakes the candidate"),
            PromotionTerm(),
            .. ReplicaFollows(cluster, SwitchoverPause),
            .. ChangeOfLeaderInProxy(cluster),
        ]);

    private static FailoverScenario VipHolderLost(ClusterSpecification cluster) => new(
        "vip-holder-lost",
        "The host that holds the virtual IP is lost",
        [MasterDown(cluster), .. ReplicaReplaced(cluster)]);

    private static IEnumerable<FailoverScenario> ReplicaLost(ClusterSpecification cluster) =>
        ReplicaReplaced(cluster).ToList() is { Count: > 0 } terms
        ? [new("replica-lost", "The replica that commits wait for is lost", terms)]
        : [];

    private static FailoverScenario HAProxyStopped(ClusterSpecification cluster)
    {
        var vip = cluster.Vip;
        return new(
            "haproxy-stopped",
            "HAProxy stops or hangs on the host that holds the virtual IP",
            [
                new("checks fail", vip.CheckFall * vip.CheckInterval, "vip.checkFall × vip.checkInterval"),
                new("last check gives up", HealthAnswer, "3 s: the check's own timeout, for a proxy that hangs"),
                MasterDown(cluster),
            ]);
    }

    /// <summary>From the moment the lock is free to a new primary.</summary>
    private static IEnumerable<BudgetTerm> Election(ClusterSpecification cluster) =>
    [
        new("replicas notice", cluster.Patroni.LoopWait, "patroni.loopWait: usually at once, the freed lock wakes them"),
        new("members are asked", AskMembers, "2 s: Patroni's timeout for a member that does not answer"),
        PromotionTerm(),
        .. ReplicaFollows(cluster, TimeSpan.Zero),
    ];

    /// <summary>Until HAProxy sends writes to the new primary, whose server was down; the old one's is long out.</summary>
    private static IEnumerable<BudgetTerm> NewLeaderInProxy(ClusterSpecification cluster) => Proxy(
        cluster,
        new(
            "HAProxy checks the new leader",
            cluster.HAProxy.CheckRise * cluster.HAProxy.CheckFastInterval,
            "haproxy.checkRise × haproxy.checkFastInterval"));

    /// <summary>
    /// The same where the old leader was the proxy's until the lock was free: the later of its going and the new one's coming counts.
    /// </summary>
    private static IEnumerable<BudgetTerm> ChangeOfLeaderInProxy(ClusterSpecification cluster)
    {
        var proxy = cluster.HAProxy;
        var leaving = proxy.CheckInterval + ((proxy.CheckFall - 1) * proxy.CheckFastInterval);
        var coming = proxy.CheckRise * proxy.CheckFastInterval;
        return Proxy(
            cluster,
            new(
                "HAProxy changes over",
                leaving > coming ? leaving : coming,
                "the longer of haproxy.checkInterval + (checkFall − 1) × checkFastInterval for the old leader and checkRise × "
                + "checkFastInterval for the new one"));
    }

    private static IEnumerable<BudgetTerm> Proxy(ClusterSpecification cluster, BudgetTerm change)
    {
        var proxy = cluster.HAProxy;
        return
        [
            change,
            new("check in progress gives up", proxy.CheckTimeout, "haproxy.checkTimeout: for an API that hung when it was asked last"),
        ];
    }

    /// <summary>Until commits wait no more for a replica that is lost; nothing where any of them will do, or none is waited for.</summary>
    private static IEnumerable<BudgetTerm> ReplicaReplaced(ClusterSpecification cluster) =>
        cluster.Patroni.Synchronous is SynchronousMode.On or SynchronousMode.Strict
        ?
        [
            new(
                "its replica counts as gone",
                SenderTimeout(cluster),
                "wal_sender_timeout, where it was the synchronous replica; without one, TCP's own"),
            new("another replica is synchronous", cluster.Patroni.LoopWait, "patroni.loopWait"),
        ]
        : [];

    /// <summary>Until the new primary has the replica that commits wait for.</summary>
    private static IEnumerable<BudgetTerm> ReplicaFollows(ClusterSpecification cluster, TimeSpan pause) =>
        cluster.Patroni.Synchronous == SynchronousMode.Off
        ? []
        :
        [
            new(
                "a replica follows",
                pause + cluster.Patroni.LoopWait + Stated(cluster, "wal_retrieve_retry_interval", PatroniSpecification.ReplicationRetry),
                "synchronous commits wait for it: patroni.loopWait, usually at once, + wal_retrieve_retry_interval"
                + (pause > TimeSpan.Zero ? " + 2 s that Patroni has the replicas wait which were not asked to take over" : "")),
        ];

    /// <summary>
    /// When a silent replica counts as gone. 0 switches the sender's own timeout off: then the kernel ends a connection whose peer does
    /// not acknowledge data, or keep-alive probes where there is none.
    /// </summary>
    private static TimeSpan SenderTimeout(ClusterSpecification cluster)
    {
        var sender = Stated(cluster, "wal_sender_timeout", cluster.Patroni.ReplicationTimeout);
        return sender > TimeSpan.Zero ? sender : TcpGivesUp;
    }

    /// <summary>A time of PostgreSQL's from postgres.parameters, which go over the program's own.</summary>
    private static TimeSpan Stated(ClusterSpecification cluster, string parameter, TimeSpan own) =>
        cluster.Postgres.Parameters.TryGetValue(parameter, out var text)
            && PostgresParameter.All[parameter].Number(text) is { } milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : own;

    private static BudgetTerm PromotionTerm() =>
        new("promotion", Promotion, "2 s: the end of recovery; grows with WAL received and not yet replayed");

    private static BudgetTerm Shutdown() => new(
        "clean shutdown",
        CleanShutdown,
        "5 s: Patroni has a checkpoint written first, and looks once a second whether the shutdown is done; grows with what was written "
        + "meanwhile, to the unit's 30 s");

    private static BudgetTerm LoginRetry(ClusterSpecification cluster) =>
        new("PgBouncer logs in again", cluster.PgBouncer.ServerLoginRetry, "pgbouncer.serverLoginRetry: on the pooled ports only");

    private static BudgetTerm MasterDown(ClusterSpecification cluster)
    {
        // The successor is the host with the highest priority among the others; where all are equal, the skew is theirs.
        var vip = cluster.Vip;
        var lowest = cluster.VrrpHosts.Min(static host => host.Priority);
        var skew = vip.AdvertisementInterval * (256 - lowest) / 256;
        return new(
            "VRRP takes over",
            (3 * vip.AdvertisementInterval) + skew,
            "3 × vip.advertisementInterval + skew, which is advertisementInterval × (256 − priority) / 256");
    }
}
