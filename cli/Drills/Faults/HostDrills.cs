using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>A replica's host is lost with its disk, and an empty one in its place joins by one <c>up</c>.</summary>
internal sealed class ReplaceHostDrill : StackDrill
{
    private HostSpecification? _lost;
    private bool _isEmpty;

    public override string Name => "replace-host";

    public override string Summary => "a replica's host is lost with its disk, and an empty one joins by `up`";

    // From the start of `up`, which is the repair, to a streaming replica and a voter of etcd.
    public override double ReturnLimit => 90;

    // Whoever writes must not feel it, and whoever reads hardly.
    public override double? RepairLimit => 1;

    protected override string? Scenario => "replica-lost";

    public override string Describe(DrillScene scene) =>
        $"The host of the replica {Replica(scene).Name} is lost with its disk; an empty host of the same name and address, with another "
        + "key, joins the cluster by one up.";

    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        _lost = null;
        _isEmpty = false;
        var changed = await base.PrepareAsync(scene, cancellation);
        if (scene.VipHolder.Name != Replica(scene).Name)
        {
            return changed;
        }

        await scene.MoveVipAsync(cancellation);
        return true;
    }

    public override async Task InjectAsync(DrillScene scene, CancellationToken cancellation)
    {
        _lost = Replica(scene);
        await scene.ReplaceAsync(_lost, cancellation);
        _isEmpty = true;
    }

    public override async Task RepairAsync(DrillScene scene, CancellationToken cancellation)
    {
        if (_lost is not { } host)
        {
            return;
        }

        // What failed once is not tried again by the drill's end.
        _lost = null;
        if (!_isEmpty)
        {
            // Interrupted before the empty host answered.
            await scene.ReplaceAsync(host, cancellation);
        }

        if (await RestoreStackAsync(scene) is { } took)
        {
            scene.Mark("up done", host.Name);
            scene.Find(string.Create(CultureInfo.InvariantCulture, $"One up of {took.TotalSeconds:0.0} s set {host.Name} up anew."));
        }
    }

    // In synchronous mode not the one that commits wait for: that is another drill's matter.
    private static HostSpecification Replica(DrillScene scene) =>
        scene.Others(scene.Leader).Last(host => host.Name != scene.Candidate.Name);
}

/// <summary>What adding and removing hosts have in common: two that the stack file does not name.</summary>
internal abstract class HostCountDrill : StackDrill
{
    private const int Count = 2;
    private const string Control = "/usr/local/bin/patronictl";

    // With artefacts cached a host takes less than half of that.
    private static readonly TimeSpan HealthLimit = TimeSpan.FromMinutes(4);

    private string? _project;

    // What the repair takes away again was never promised to be gone within a minute.
    public override double ReturnLimit => 120;

    // The number of members decides parameters that a leader gets by a switchover.
    protected override string? Scenario => "switchover";

    /// <summary>Names of the hosts that are added.</summary>
    protected static string Names(DrillScene scene) =>
        string.Join(" and ", MoreHosts.Of(scene.Cluster, Count).Select(static host => host.Name));

    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        _project = null;
        return await base.PrepareAsync(scene, cancellation);
    }

    /// <summary>Has the lab make the hosts, empty.</summary>
    protected async Task MakeHostsAsync(DrillScene scene, CancellationToken cancellation)
    {
        var more = MoreHosts.Of(scene.Cluster, Count);
        _project = scene.Runs.Changed(cluster => MoreHosts.AddTo(cluster, more));
        var larger = StackContext.Load(Project.Find(_project), scene.Stack, withoutLab: true, asAsked: true);
        foreach (var (name, _) in more)
        {
            await LabContext.Of(larger).Environment().ReplaceHostAsync(name, cancellation);
        }
    }

    /// <summary>Previews and applies the stack with them, and waits until all are healthy.</summary>
    protected async Task AddAsync(DrillScene scene, CancellationToken cancellation)
    {
        var more = MoreHosts.Of(scene.Cluster, Count);
        var preview = await scene.Runs.PreviewAsync(_project!, cancellation);
        if (!preview.Succeeded || !more.All(host => preview.Text.Contains(host.Name, StringComparison.Ordinal)))
        {
            scene.Complain($"the preview of {Names(scene)} does not show them; it {preview.End}");
        }

        var began = Stopwatch.GetTimestamp();
        var run = await scene.Runs.UpAsync(_project!);
        var last = run.Succeeded ? await scene.Runs.HealthyAsync(_project!, HealthLimit, cancellation) : null;
        Tell(scene, "added", $"with {Names(scene)}", run, last, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Applies the stack without them, and waits until all others are healthy.</summary>
    protected async Task RemoveAsync(DrillScene scene, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var run = await scene.Runs.UpAsync(scene.Runs.Original);
        var last = run.Succeeded ? await scene.Runs.HealthyAsync(scene.Runs.Original, HealthLimit, cancellation) : null;
        Tell(scene, "removed", $"without {Names(scene)}", run, last, Stopwatch.GetElapsedTime(began));
        if (run.Succeeded)
        {
            await EndAsync(scene, cancellation);
        }
    }

    public override async Task RepairAsync(DrillScene scene, CancellationToken cancellation)
    {
        if (_project is not null)
        {
            await HandBackAsync(scene, cancellation);
            await RemoveAsync(scene, cancellation);
            _project = null;
        }
    }

    /// <summary>Has a host of the stack lead where one that is to go does: the leader is not taken away.</summary>
    protected async Task HandBackAsync(DrillScene scene, CancellationToken cancellation)
    {
        var members = JsonNode.Parse(await scene.RunAsync(scene.Leader, [Control, "list", "--format", "json"], cancellation))!.AsArray();
        var leader = members.FirstOrDefault(static member => member!["Role"]?.GetValue<string>() == "Leader")?["Member"]
            ?.GetValue<string>();
        if (leader is null || scene.Cluster.Hosts.Any(host => host.Name == leader))
        {
            return;
        }

        await scene.RunAsync(
            scene.Leader, [Control, "switchover", "--leader", leader, "--candidate", scene.Leader.Name, "--force"], cancellation);
        scene.Find($"{leader} had got the lead, which was handed back to {scene.Leader.Name} before the hosts were removed.");
        if (await scene.Runs.HealthyAsync(_project!, HealthLimit, cancellation) is { } last)
        {
            scene.Complain($"the cluster was not healthy after the lead was handed back; status {last}");
        }
    }

    // A host that nobody took out of the cluster stays, for whoever looks why.
    private async Task EndAsync(DrillScene scene, CancellationToken cancellation)
    {
        _project = null;
        foreach (var (name, _) in MoreHosts.Of(scene.Cluster, Count))
        {
            await scene.Lab.RemoveHostAsync(name, cancellation);
        }
    }

    private static void Tell(DrillScene scene, string what, string with, StackRun run, string? last, TimeSpan took)
    {
        if (!run.Succeeded)
        {
            scene.Complain($"up {with} {run.End}");
        }
        else if (last is not null)
        {
            scene.Complain($"the cluster {with} was not healthy {HealthLimit.TotalSeconds:0} s after its up; status {last}");
        }
        else
        {
            scene.Mark(what, Names(scene));
            scene.Find(string.Create(
                CultureInfo.InvariantCulture,
                $"The cluster {with} was whole {took.TotalSeconds:0.0} s after its up began; up itself took "
                + $"{run.Duration.TotalSeconds:0.0} s."));
        }
    }
}

/// <summary>Two hosts are added.</summary>
internal sealed class AddHostDrill : HostCountDrill
{
    public override string Name => "add-host";

    public override string Summary => "two hosts are added by `up`, and removed again";

    public override string Describe(DrillScene scene) =>
        $"Two empty hosts, {Names(scene)}, are added to the {scene.Cluster.Hosts.Count} of the stack by up, and removed again.";

    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        var changed = await base.PrepareAsync(scene, cancellation);
        await MakeHostsAsync(scene, cancellation);
        return changed;
    }

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) => AddAsync(scene, cancellation);
}

/// <summary>Two hosts are removed, which were added for it.</summary>
internal sealed class RemoveHostDrill : HostCountDrill
{
    public override string Name => "remove-host";

    public override string Summary => "two hosts, added before, are removed by `up`";

    public override string Describe(DrillScene scene) =>
        $"Two hosts, {Names(scene)}, which are added for it first, are removed by up, so that {scene.Cluster.Hosts.Count} are left.";

    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        await base.PrepareAsync(scene, cancellation);
        await MakeHostsAsync(scene, cancellation);
        await AddAsync(scene, cancellation);
        await HandBackAsync(scene, cancellation);
        // What is to be healthy is looked at with the hosts that it has.
        return false;
    }

    public override Task InjectAsync(DrillScene scene, CancellationToken cancellation) => RemoveAsync(scene, cancellation);
}

/// <summary>Hosts that a stack file does not name, at addresses of its network that nobody has.</summary>
internal static class MoreHosts
{
    /// <summary>Names and addresses.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<(string Name, string Address)> Of(ClusterSpecification cluster, int count)
    {
        var mask = uint.MaxValue << (32 - cluster.Vip.Prefix);
        var network = Number(cluster.Vip.Address) & mask;
        // The first one of the network is the lab's own.
        var taken = cluster.Hosts.Select(static host => Number(host.Address)).Append(Number(cluster.Vip.Address)).Append(network + 1)
            .ToHashSet();
        var free = Enumerable.Range(2, 1 << Math.Min(12, 32 - cluster.Vip.Prefix)).Select(offset => network + (uint)offset)
            .Where(address => !taken.Contains(address) && address < (network | ~mask));
        return
        [
            .. free.Take(count).Select(
                (address, index) => (string.Create(CultureInfo.InvariantCulture, $"drill{index + 1}"), Text(address))),
        ];
    }

    /// <summary>Adds them to a stack file's cluster, as the last of its hosts is.</summary>
    public static void AddTo(JsonObject cluster, IReadOnlyList<(string Name, string Address)> more)
    {
        var hosts = cluster["hosts"]!.AsArray();
        var last = hosts[^1]!.AsObject();
        foreach (var (name, address) in more)
        {
            var host = last.DeepClone().AsObject();
            host.Remove("hostKey");
            host["name"] = name;
            host["address"] = address;
            hosts.Add((JsonNode)host);
        }
    }

    private static uint Number(string address) =>
        System.Net.IPAddress.Parse(address).GetAddressBytes().Aggregate(0u, static (number, part) => (number << 8) | part);

    private static string Text(uint address) => new System.Net.IPAddress(
        [(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]).ToString();
}
