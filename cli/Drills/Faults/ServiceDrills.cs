using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>The host of the virtual IP is cut off.</summary>
internal sealed class PartitionVipDrill : Drill
{
    public override string Name => "partition-vip";

    public override string Summary => "the virtual IP's host, not the leader's, is cut off";

    protected override string? Scenario => "vip-holder-lost";

    public override string Describe(DrillScene scene) =>
        $"{scene.VipHolder.Name}, which holds the virtual IP, is cut off from the other hosts, and the virtual IP from it"
        + (scene.VipHolder.Name == scene.Leader.Name ? "; the virtual IP is moved off the leader first." : ".");

    public override TimeSpan Hold(ClusterSpecification cluster) => TimeSpan.FromSeconds(15);

    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        if (scene.VipHolder.Name != scene.Leader.Name)
        {
            return false;
        }

        await scene.MoveVipAsync(cancellation);
        return true;
    }

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) => scene.FaultAsync(
        scene.VipHolder,
        "cut",
        [scene.VipHolder.Interface, scene.Cluster.Vip.Address, .. scene.Others(scene.VipHolder).Select(static host => host.Address)],
        cancellation);
}

/// <summary>One member of etcd is lost, its leader if it is known.</summary>
internal sealed class EtcdMemberDrill : Drill
{
    public override string Name => "etcd-member";

    public override string Summary => "etcd loses its leader's member";

    public override string Describe(DrillScene scene) =>
        $"etcd is killed on {Member(scene).Name}{(scene.EtcdLeader is null ? "" : ", its leader,")} and started again afterwards.";

    public override TimeSpan Hold(ClusterSpecification cluster) => cluster.Patroni.LoopWait + TimeSpan.FromSeconds(5);

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        scene.FaultAsync(Member(scene), "lose", ["etcd.service"], cancellation);

    private static HostSpecification Member(DrillScene scene) => scene.EtcdLeader ?? scene.Cluster.EtcdHosts[0];
}

/// <summary>etcd loses its quorum.</summary>
internal sealed class EtcdQuorumDrill : Drill
{
    public override string Name => "etcd-quorum";

    public override string Summary => "etcd loses its quorum";

    public override string Describe(DrillScene scene) =>
        $"etcd is killed on {string.Join(" and ", Members(scene).Select(static host => host.Name))}, so that it has no quorum, and "
        + "started again afterwards; "
        + (scene.Cluster.Patroni.FailsafeMode
            ? "failsafe mode must keep the leader writing."
            : "without failsafe mode the leader must step down.");

    // Until the leader could not have renewed its lease any more.
    public override TimeSpan Hold(ClusterSpecification cluster) => cluster.Patroni.Ttl + cluster.Patroni.LoopWait + TimeSpan.FromSeconds(5);

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        Task.WhenAll(Members(scene).Select(host => scene.FaultAsync(host, "lose", ["etcd.service"], cancellation)));

    public override string? Refusal(DrillScene scene) =>
        scene.Cluster.Patroni.FailsafeMode
            ? null
            : "patroni.failsafeMode is off: without a quorum nothing could be written until it is back";

    // A majority, etcd's leader among it.
    private static IEnumerable<HostSpecification> Members(DrillScene scene) => scene.Cluster.EtcdHosts
        .OrderByDescending(host => host.Name == scene.EtcdLeader?.Name)
        .Take((scene.Cluster.EtcdHosts.Count / 2) + 1);
}

/// <summary>HAProxy is stopped where the virtual IP is.</summary>
internal sealed class HAProxyDownDrill : Drill
{
    public override string Name => "haproxy-down";

    public override string Summary => "HAProxy is stopped on the virtual IP's host";

    public override double? Aim(ClusterSpecification cluster) => 3;

    protected override string? Scenario => "haproxy-stopped";

    public override string Describe(DrillScene scene) =>
        $"HAProxy is stopped on {scene.VipHolder.Name}, which holds the virtual IP, and started again afterwards.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        scene.FaultAsync(scene.VipHolder, "stop", ["haproxy.service"], cancellation);
}

/// <summary>keepalived is stopped where the virtual IP is.</summary>
internal sealed class KeepalivedDownDrill : Drill
{
    public override string Name => "keepalived-down";

    public override string Summary => "keepalived is stopped on the virtual IP's host";

    public override double? Aim(ClusterSpecification cluster) => 3;

    protected override string? Scenario => "vip-holder-lost";

    public override string Describe(DrillScene scene) =>
        $"keepalived is stopped on {scene.VipHolder.Name}, which holds the virtual IP, and started again afterwards.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        scene.FaultAsync(scene.VipHolder, "stop", ["keepalived.service"], cancellation);
}

/// <summary>PgBouncer crashes on the leader.</summary>
internal sealed class PgBouncerDownDrill : Drill
{
    public override string Name => "pgbouncer-down";

    public override string Summary => "PgBouncer crashes on the leader";

    public override string Describe(DrillScene scene) => $"PgBouncer on the leader {scene.Leader.Name} is killed; systemd starts it again.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        scene.FaultAsync(scene.Leader, "crash", ["pgbouncer.service"], cancellation);

    protected override FailoverScenario OwnBudget(ClusterSpecification cluster) => new(
        "pgbouncer-crashed",
        "PgBouncer crashes on the leader",
        [
            new("systemd starts it again", TimeSpan.FromSeconds(2), "the unit's RestartSec, and its start"),
            new("PgBouncer logs in", cluster.PgBouncer.ServerLoginRetry, "pgbouncer.serverLoginRetry"),
        ]);
}

/// <summary>A replica's WAL has no space left.</summary>
internal sealed class DiskFullDrill : Drill
{
    private HostSpecification? _replica;

    public override string Name => "disk-full";

    public override string Summary => "a replica's WAL has no space left";

    protected override string? Scenario => "replica-lost";

    public override string Describe(DrillScene scene) =>
        $"The WAL of the replica {Replica(scene).Name} gets a small file system of its own, which is filled; both are undone afterwards.";

    public override TimeSpan Hold(ClusterSpecification cluster) => TimeSpan.FromSeconds(20);

    // A replica is stopped for it twice, and a real one's WAL held in memory for a while: not what a rehearsal is worth.
    public override string? Refusal(DrillScene scene) =>
        scene.IsLab ? null : "it moves a replica's WAL into memory for a while, which is done in the lab only";

    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        _replica = Replica(scene);
        await scene.FaultAsync(_replica, "own-wal", [scene.Cluster.Postgres.DataDirectory], cancellation);
        return true;
    }

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        scene.FaultAsync(_replica!, "fill", [scene.Cluster.Postgres.DataDirectory], cancellation);

    // In synchronous mode the other one: the drill is about a replica that fails, not about the one commits wait for.
    private static HostSpecification Replica(DrillScene scene) =>
        scene.Others(scene.Leader).Last(host => host.Name != scene.Candidate.Name);
}
