using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>The leader is changed on purpose.</summary>
internal sealed class SwitchoverDrill : Drill
{
    public override string Name => "switchover";

    public override string Summary => "the leader hands over on request";

    public override double? Aim(ClusterSpecification cluster) => 2;

    public override bool MovesLeader => true;

    protected override string? Scenario => "switchover";

    public override string Describe(DrillScene scene) =>
        $"{scene.Leader.Name} hands the lead over to {scene.Candidate.Name} by Patroni's switchover; nothing is broken.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) => scene.RunAsync(
        scene.Leader,
        ["/usr/local/bin/patronictl", "switchover", "--leader", scene.Leader.Name, "--candidate", scene.Candidate.Name, "--force"],
        cancellation);
}

/// <summary>Patroni is stopped on the leader.</summary>
internal sealed class StopPatroniDrill : Drill
{
    public override string Name => "stop-patroni";

    public override string Summary => "Patroni is stopped on the leader";

    public override double? Aim(ClusterSpecification cluster) => 3;

    public override bool MovesLeader => true;

    protected override string? Scenario => "patroni-stopped";

    public override string Describe(DrillScene scene) =>
        $"Patroni is stopped on the leader {scene.Leader.Name}, PostgreSQL with it, and started again afterwards.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        scene.FaultAsync(scene.Leader, "stop", ["patroni.service"], cancellation);
}

/// <summary>The postmaster is killed on the leader.</summary>
internal sealed class KillPostgresDrill : Drill
{
    public override string Name => "kill-postgres";

    public override string Summary => "the postmaster is killed on the leader";

    public override double? Aim(ClusterSpecification cluster) => 5;

    protected override string? Scenario => "postgres-crashed";

    public override string Describe(DrillScene scene) =>
        $"The postmaster on the leader {scene.Leader.Name} is killed (SIGKILL); Patroni has it recover there, or another host takes over.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) =>
        scene.FaultAsync(scene.Leader, "kill-postgres", [scene.Cluster.Postgres.DataDirectory], cancellation);
}

/// <summary>The leader's host loses its power.</summary>
internal class HostCrashDrill : Drill
{
    public override string Name => "host-crash";

    public override string Summary => "the leader's host loses its power";

    public override double? Aim(ClusterSpecification cluster) => cluster.Profile == TimingProfile.Fast ? 20 : 30;

    public override bool MovesLeader => true;

    protected override string? Scenario => "leader-host-lost";

    public override string Describe(DrillScene scene) =>
        $"The leader's host {scene.Leader.Name} is {(scene.IsLab ? "killed" : "reset")} without notice{Also(scene)}, and "
        + $"{(scene.IsLab ? "started again afterwards" : "boots again")}.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) => scene.CrashAsync(scene.Leader, cancellation);

    public override IEnumerable<string> Notes(DrillScene scene) =>
        [scene.EtcdLeader?.Name == scene.Leader.Name ? "etcd's leader was on the same host." : "etcd's leader was on another host."];

    private static string Also(DrillScene scene)
    {
        List<string> more = [];
        if (scene.VipHolder.Name == scene.Leader.Name)
        {
            more.Add("the virtual IP");
        }

        if (scene.EtcdLeader?.Name == scene.Leader.Name)
        {
            more.Add("etcd's leader");
        }

        return more.Count == 0 ? "" : $", with it {string.Join(" and ", more)}";
    }
}

/// <summary>The leader's host loses its power, and etcd's leader is there as well: what the service etcd-yield prevents.</summary>
internal sealed class HostCrashWithEtcdDrill : HostCrashDrill
{
    public override string Name => "host-crash-with-etcd";

    public override string Summary => "the same, with etcd's leader brought there first";

    // The next leader of etcd grants the dead one's lease its full time again.
    public override double? Aim(ClusterSpecification cluster) => null;

    public override string Describe(DrillScene scene) =>
        $"etcd's lead is brought to {scene.Leader.Name}, where PostgreSQL's is. {base.Describe(scene)}";

    public override string? Refusal(DrillScene scene) =>
        scene.Leader.Etcd ? null : $"the leader's host {scene.Leader.Name} has no member of etcd";

    public override async Task InjectAsync(DrillScene scene, CancellationToken cancellation)
    {
        var others = scene.Cluster.EtcdHosts.Where(host => host.Name != scene.Leader.Name)
            .Select(host => EtcdEndpoints.Client(scene.Cluster, host).Url);
        await scene.FaultAsync(scene.Leader, "freeze", [EtcdYield.Unit], cancellation);
        await scene.RunAsync(
            scene.Leader,
            [HostPaths.Tool("etcd-yield"), "take", EtcdEndpoints.Client(scene.Cluster, scene.Leader).Url, .. others],
            cancellation);
        await base.InjectAsync(scene, cancellation);
    }

    public override IEnumerable<string> Notes(DrillScene scene) => [];
}

/// <summary>The leader's host boots.</summary>
internal sealed class HostRebootDrill : Drill
{
    public override string Name => "host-reboot";

    public override string Summary => "the leader's host reboots";

    public override bool MovesLeader => true;

    // Services end in no order that Patroni could rely on, so it is held against the loss.
    protected override string? Scenario => "leader-host-lost";

    public override string Describe(DrillScene scene) => $"The leader's host {scene.Leader.Name} is rebooted.";

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) => scene.RebootAsync(scene.Leader, cancellation);
}

/// <summary>The leader is cut off from the other hosts.</summary>
internal sealed class PartitionLeaderDrill : Drill
{
    public override string Name => "partition-leader";

    public override string Summary => "the leader is cut off from the others, a client with it";

    public override bool MovesLeader => true;

    protected override string? Scenario => "leader-host-lost";

    public override HostSpecification? CutOff(DrillScene scene) => scene.Leader;

    public override string Describe(DrillScene scene) =>
        $"The leader {scene.Leader.Name} is cut off from the other hosts, and the virtual IP from it; one client stays "
        + "connected to it directly.";

    public override TimeSpan Hold(ClusterSpecification cluster) => cluster.Patroni.Ttl + TimeSpan.FromSeconds(5);

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) => scene.FaultAsync(
        scene.Leader,
        "cut",
        [scene.Leader.Interface, scene.Cluster.Vip.Address, .. scene.Others(scene.Leader).Select(static host => host.Address)],
        cancellation);
}

/// <summary>Patroni on the leader stands still.</summary>
internal sealed class FreezePatroniDrill : Drill
{
    public override string Name => "freeze-patroni";

    public override string Summary => "Patroni stands still on the leader";

    public override bool MovesLeader => true;

    protected override string? Scenario => "leader-host-lost";

    public override HostSpecification? CutOff(DrillScene scene) => scene.Leader;

    public override TimeSpan Hold(ClusterSpecification cluster) => cluster.Patroni.Ttl + TimeSpan.FromSeconds(5);

    public override string Describe(DrillScene scene)
    {
        var victim = Victim(scene);
        return $"Patroni on the leader {victim.Name} stands still (SIGSTOP) while its PostgreSQL runs on; "
            + (!scene.HasWatchdog(victim) ? "it has no watchdog, so nothing but the proxies keeps clients away from it."
                : "the watchdog must reset the host before its lease ends"
                    + (victim.Name == scene.Leader.Name
                        ? "."
                        : $". The lead is handed over to it first, since {scene.Leader.Name} has no watchdog."));
    }

    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        var victim = Victim(scene);
        if (victim.Name == scene.Leader.Name)
        {
            return false;
        }

        await scene.RunAsync(
            scene.Leader,
            ["/usr/local/bin/patronictl", "switchover", "--leader", scene.Leader.Name, "--candidate", victim.Name, "--force"],
            cancellation);
        return true;
    }

    public override async Task InjectAsync(DrillScene scene, CancellationToken cancellation)
    {
        await scene.FaultAsync(scene.Leader, "freeze", ["patroni.service"], cancellation);
        if (Resets(scene) is { } host)
        {
            // It does not outlive the reset, and would not say so.
            await scene.ForgetAsync(host);
        }
    }

    public override bool ShowsOverlap(DrillScene scene) => !scene.HasWatchdog(scene.Leader);

    public override HostSpecification? Resets(DrillScene scene) => scene.HasWatchdog(scene.Leader) ? scene.Leader : null;

    public override IEnumerable<string> Notes(DrillScene scene) => scene.HasWatchdog(scene.Leader)
        ? []
        : [$"{scene.Leader.Name} has no watchdog: its PostgreSQL took writes of whoever was connected directly until it was thawed. Run "
            + "such hosts with patroni.watchdog: required."];

    // In the lab a watchdog that is there is to be seen at work; elsewhere nobody's leader is changed for that.
    private static HostSpecification Victim(DrillScene scene) =>
        !scene.IsLab || scene.HasWatchdog(scene.Leader)
            ? scene.Leader
            : scene.Others(scene.Leader).FirstOrDefault(scene.HasWatchdog) ?? scene.Leader;
}
