using System.Diagnostics;
using System.Globalization;
using PostgresHa.Cli.Status;
using PostgresHa.Components;
using PostgresHa.Lab;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>Runs drills one after the other: looks, breaks, measures, mends, and waits for health.</summary>
/// <param name="context">The stack.</param>
/// <param name="lab">The lab whose hosts they are; null for real ones.</param>
/// <param name="access">How clients connect.</param>
/// <param name="say">Told what happens, a line each.</param>
internal sealed class DrillRunner(StackContext context, LabEnvironment? lab, DatabaseAccess access, Action<string> say)
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan EmulatedHealthLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HealthPoll = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan ClientPoll = TimeSpan.FromMilliseconds(100);

    private readonly ClusterSpecification _cluster = context.Specification;
    private readonly CurrentStack _stack = new(context);

    /// <summary>The cluster's state, and a sentence why no drill may begin; null when one may.</summary>
    public async Task<(ClusterStatus Status, string? Refusal)> LookAsync(CancellationToken cancellation)
    {
        var status = await CollectAsync(cancellation);
        var problem = status.Problems.FirstOrDefault(static one => one.Severity == ProblemSeverity.Error);
        return (status, problem is not null ? $"the cluster is not healthy to begin with: {problem.Message}"
            : !status.Paused ? null
            : $"Patroni is in maintenance mode, in which nothing fails over; end it on any host: sudo {PatroniFiles.ControlPath} resume");
    }

    /// <summary>What a drill would meet at present.</summary>
    public DrillScene Scene(ClusterStatus status, HostShell shell) =>
        new(context, lab, shell, status) { Watchdogs = Watchdogs(status), Say = say };

    /// <summary>Connections to the hosts, for a scene.</summary>
    public HostShell Shell() => new(_stack);

    /// <summary>Runs one drill.</summary>
    /// <returns>What it found out; null when it cannot be done here, which was told.</returns>
    /// <exception cref="CommandException">It could not be begun, or its fault could not be caused; everything was restored.</exception>
    public async Task<DrillResult?> RunAsync(Drill drill, int round, CancellationToken cancellation)
    {
        await using var shell = Shell();
        var (status, refusal) = await LookAsync(cancellation);
        if (refusal is not null)
        {
            throw new CommandException($"{drill.Name}: {refusal}");
        }

        var scene = Scene(status, shell);
        if (drill.Refusal(scene) is { } reason)
        {
            say($"{drill.Name} is left out: {reason}.");
            return null;
        }

        var store = new ContinuityStore(access);
        var run = new Measurement(drill, scene, round);
        try
        {
            say(run.Action);
            if (await drill.PrepareAsync(scene, cancellation))
            {
                scene.Status = await HealthyAsync(cancellation)
                    ?? throw new CommandException($"{drill.Name}: the cluster did not become healthy again after the preparation.");
            }

            await store.CreateAsync(cancellation);
            run.Zero = Stopwatch.GetTimestamp();
            var watch = new VipWatch(_cluster, Shell(), run.Zero);
            await using (watch)
            await using (var probes = new HostProbes(_cluster, access, run.Zero))
            await using (var client = new ContinuityClient(access, run.Zero))
            {
                await FlowAsync(client, run, cancellation);
                await FaultAsync(client, probes, run, cancellation);
                var healthy = await HealthyAsync(cancellation);
                run.Mark("healthy", healthy is null ? "not reached" : "");
                run.After = healthy;
                await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
                await client.StopAsync();
                run.End = run.Now;
                run.Attempts = client.Attempts;
                run.Samples = probes.Samples;
                run.VipChanges = watch.Changes;
            }

            run.Rows = await store.RowsAsync(cancellation);
            return Judgement.Of(run, context);
        }
        finally
        {
            // Also when Ctrl+C ended it: what was broken is mended before anything else.
            await drill.RepairAsync(scene, CancellationToken.None);
            await DropAsync(store);
        }
    }

    // Every endpoint serves, and has done so for a while.
    private static async Task FlowAsync(ContinuityClient client, Measurement run, CancellationToken cancellation)
    {
        if (!await Wait.UntilAsync(() => client.FlowsSince(TimeSpan.Zero), StartLimit - run.Now, ClientPoll, cancellation))
        {
            var errors = Gaps.Errors(client.Attempts, TimeSpan.Zero, run.Now);
            throw new CommandException(
                $"{run.Drill.Name}: not every endpoint of the virtual IP serves "
                + $"({string.Join(", ", errors.Select(static pair => $"{pair.Key} {pair.Value} times"))}).");
        }

        if (run.Drill.CutOff(run.Scene) is { } host)
        {
            client.StartCutOff(host);
        }

        await Task.Delay(Steady, cancellation);
    }

    private async Task FaultAsync(ContinuityClient client, HostProbes probes, Measurement run, CancellationToken cancellation)
    {
        var reset = run.Drill.Resets(run.Scene);
        run.BootBefore = reset is null ? null : await run.BootAsync(reset, cancellation);
        run.Fault = run.Mark("fault");
        try
        {
            await run.Drill.InjectAsync(run.Scene, cancellation);
            var held = run.Fault + run.Drill.Hold(_cluster);
            var limit = (held > run.Now ? held : run.Now) + run.Drill.Budget(_cluster).Total + TimeSpan.FromSeconds(20);
            run.TimedOut = !await Wait.UntilAsync(() => IsOver(client, probes, run), limit - run.Now, ClientPoll, cancellation);
        }
        finally
        {
            _stack.Refresh();
            run.Repair = run.Mark("repair");
            await run.Drill.RepairAsync(run.Scene, CancellationToken.None);
            run.Repaired = run.Mark("repaired");
        }

        run.BootAfter = reset is null ? null : await run.BootAsync(reset, cancellation);

        say(string.Create(
            CultureInfo.InvariantCulture, $"  mended after {(run.Repaired - run.Fault).TotalSeconds:0} s; waiting until all is healthy"));
    }

    private bool IsOver(ContinuityClient client, HostProbes probes, Measurement run) =>
        run.Now >= run.Fault + run.Drill.Hold(_cluster)
        && client.FlowsSince(run.Now - TimeSpan.FromSeconds(1))
        && (!run.Drill.MovesLeader || probes.Samples.Any(sample =>
            sample.Asked > run.Fault && sample.Writable == true && sample.Host != run.Scene.Leader.Name));

    // A question to hosts that are just returning may fail in many ways; the next one is a new one.
    private async Task<ClusterStatus?> HealthyAsync(CancellationToken cancellation)
    {
        ClusterStatus? status = null;
        var missing = await Wait.UntilAsync(
            async () =>
            {
                status = await CollectAsync(cancellation);
                return status.Healthy && !status.Paused ? null : status.Verdict;
            },
            lab is { HasVirtualMachine: true } ? EmulatedHealthLimit : HealthLimit,
            HealthPoll,
            cancellation);
        return missing is null ? status : null;
    }

    private async Task<ClusterStatus> CollectAsync(CancellationToken cancellation)
    {
        await using var collector = new StatusCollector(_stack.Stack);
        return await collector.CollectAsync(withDrift: false, cancellation);
    }

    private async Task DropAsync(ContinuityStore store)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await store.DropAsync(limit.Token);
        }
        catch (Exception error) when (error is CommandException or OperationCanceledException)
        {
            say($"  the drill's schema stays in the database until the next drill: {error.Message}");
        }
    }

    private static HashSet<string> Watchdogs(ClusterStatus status) =>
        status.Hosts.Where(static host => host.Watchdog).Select(static host => host.Name).ToHashSet(StringComparer.Ordinal);
}
