using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>Turns what was measured into a result, and says what was not as promised.</summary>
internal static class Judgement
{
    // What the project promises for reads when any one host fails.
    private const double ReadLimit = 4;

    // A leader that is just asked while it steps down may answer a moment late.
    private static readonly TimeSpan OverlapTolerance = TimeSpan.FromMilliseconds(500);

    public static DrillResult Of(Measurement run, StackContext context)
    {
        var cluster = context.Specification;
        var streams = Enum.GetValues<Endpoint>()
            .Select(endpoint => (Endpoint: endpoint, Attempts: run.Attempts.Where(attempt => attempt.Endpoint == endpoint).ToList()))
            .Where(static stream => stream.Attempts.Count > 0)
            .ToDictionary(static stream => stream.Endpoint, stream => Stream(stream.Attempts, run));
        var gap = ((Endpoint[])[Endpoint.Write, Endpoint.PooledWrite])
            .Select(endpoint => Gaps.Longest(run.Attempts.Where(attempt => attempt.Endpoint == endpoint), run.Fault, run.Repair))
            .MaxBy(static one => one.Length)!;
        var accounting = Accounting.Of(run.Attempts, run.Rows);
        var writers = WriterCheck.Judge(
            run.Samples, run.Attempts, run.Rows,
            cluster.Hosts.ToDictionary(static host => host.Name, static host => host.Address, StringComparer.Ordinal));
        var budget = BudgetResult.Of(run.Drill.Budget(cluster));
        var synchronous = cluster.Patroni.Synchronous != SynchronousMode.Off;
        var lostOver = accounting.Lost.Count == 0 ? TimeSpan.Zero : accounting.Lost[^1].Ended - accounting.Lost[0].Ended;
        var leader = run.Scene.Leader.Name;
        var reset = run.Drill.Resets(run.Scene) is { } host && run.BootBefore is { } boot
            ? ResetCheck.Judge(host.Name, host.Address, boot, run.BootAfter, run.Fault, cluster.Patroni.Ttl, run.Samples, run.Attempts)
            : new ResetVerdict([], []);
        var result = new DrillResult
        {
            Drill = run.Drill.Name,
            Action = run.Action,
            Stack = context.Stack,
            Round = run.Round,
            At = run.At,
            Synchronous = cluster.Patroni.Synchronous.ToString().ToLowerInvariant(),
            Timing = Timing(cluster),
            LeaderBefore = leader,
            LeaderAfter = run.After?.Leader,
            Budget = budget,
            Aim = run.Drill.Aim(cluster),
            WriteGap = gap.Length.TotalSeconds,
            ReadGap = streams[Endpoint.Read].Gap,
            Streams = streams.ToDictionary(static pair => Name(pair.Key), static pair => pair.Value, StringComparer.Ordinal),
            Acknowledged = accounting.Acknowledged,
            Missing = accounting.Missing,
            MissingSpan = lostOver.TotalSeconds,
            Unacknowledged = accounting.Unacknowledged,
            TwoWriters = writers.Violations,
            Overlap = writers.Overlap.TotalSeconds,
            Healthy = run.After is null ? null : (run.Events.Last(static one => one.Name == "healthy").At - run.Repair).TotalSeconds,
            Events = [.. run.Events.Concat(reset.Events).Concat(Chronicle.Of(leader, run.Fault, run.Samples, run.VipChanges, gap))
                .OrderBy(static one => one.At)],
            Failures = [],
            Notes = [.. run.Drill.Notes(run.Scene), .. run.Scene.Findings],
            Writes = Buckets.Of(run.Attempts.Where(static attempt => attempt.Endpoint is Endpoint.Write or Endpoint.PooledWrite), run.End),
            Reads = Buckets.Of(run.Attempts.Where(static attempt => attempt.Endpoint == Endpoint.Read), run.End),
        };
        return result with
        {
            Failures =
            [
                .. run.Scene.Complaints, .. reset.Failures, .. RepairFailures(result, run),
                .. Failures(result, run, gap, writers, accounting, synchronous, lostOver),
            ],
            Notes = [.. result.Notes, .. AboveTheAim(result)],
        };
    }

    // The aim is no promise: a figure above it is explained, not failed.
    private static IEnumerable<string> AboveTheAim(DrillResult result) =>
        result is { Aim: { } aim, Budget: { } budget } && result.WriteGap > aim
        ? [Text($"Above the aim of {aim:0} s; the longest of the budget's terms: {budget.Longest}.")]
        : [];

    private static IEnumerable<string> RepairFailures(DrillResult result, Measurement run) => run.Drill.RepairLimit is not { } limit
        ? []
        : result.Streams.Where(stream => stream.Value.RepairGap > limit)
            .Select(stream => Text($"{stream.Key} failed for {stream.Value.RepairGap:0.0} s during the repair, more than {limit:0} s"));

    private static IEnumerable<string> Failures(
        DrillResult result, Measurement run, Gap gap, WriterVerdict writers, Accounting accounting, bool synchronous, TimeSpan lostOver)
    {
        foreach (var violation in writers.Violations)
        {
            yield return violation;
        }

        if (accounting.Duplicated > 0)
        {
            yield return Text($"{accounting.Duplicated} rows are in the database twice");
        }

        if (accounting.Missing > 0 && !run.Drill.MayLose)
        {
            yield return Text($"{accounting.Missing} acknowledged rows are missing, and no leader was lost");
        }
        else if (accounting.Missing > 0 && synchronous)
        {
            yield return Text(
                $"{accounting.Missing} acknowledged rows are missing although replication is synchronous ({result.Synchronous})");
        }
        else if (lostOver > run.Scene.Cluster.Patroni.Ttl + OverlapTolerance)
        {
            yield return Text($"the {accounting.Missing} acknowledged rows that are missing were acknowledged over ")
                + Text($"{lostOver.TotalSeconds:0.0} s, more than the lease ({run.Scene.Cluster.Patroni.Ttl.TotalSeconds:0} s)");
        }

        if (writers.Overlap > OverlapTolerance && !run.Drill.ShowsOverlap(run.Scene))
        {
            yield return Text($"two hosts took writes at once for {result.Overlap:0.0} s");
        }

        if (run.TimedOut || (gap.To > run.Repair && gap.Length > TimeSpan.FromSeconds(1)))
        {
            yield return Text(
                $"the service was not restored before the repair, {(run.Repair - run.Fault).TotalSeconds:0} s after the fault");
        }
        else if (result.Budget is { } budget && result.WriteGap > budget.Seconds)
        {
            yield return Text($"writes failed for {result.WriteGap:0.0} s, more than the budget of {budget.Seconds:0.0} s");
        }

        if (result.ReadGap > ReadLimit)
        {
            yield return Text($"reads failed for {result.ReadGap:0.0} s, more than {ReadLimit:0} s");
        }

        if (run.After is null)
        {
            yield return "the cluster did not become healthy afterwards";
        }
        else if (result.Healthy > run.Drill.ReturnLimit && !run.Scene.IsEmulated)
        {
            yield return Text(
                $"the cluster was whole again only {result.Healthy:0.0} s after the repair began, more than {run.Drill.ReturnLimit:0} s");
        }
    }

    private static StreamResult Stream(List<Attempt> attempts, Measurement run)
    {
        var gap = Gaps.Longest(attempts, run.Fault, run.Repair);
        var succeeded = attempts.Count(static attempt => attempt.Succeeded);
        // Before the fault only a table that has not reached a replica yet can have been missed.
        var errors = Gaps.Errors(attempts, run.Fault, run.End);
        return new StreamResult(
            gap.Length.TotalSeconds,
            Gaps.Longest(attempts, run.Repair, run.End).Length.TotalSeconds,
            gap.Closed,
            succeeded,
            errors.Values.Sum(),
            errors);
    }

    private static string Timing(ClusterSpecification cluster) => string.Create(
        CultureInfo.InvariantCulture,
        $"ttl {cluster.Patroni.Ttl.TotalSeconds:0.#} s, loop {cluster.Patroni.LoopWait.TotalSeconds:0.#} s, retry "
        + $"{cluster.Patroni.RetryTimeout.TotalSeconds:0.#} s, "
        + $"HAProxy {cluster.HAProxy.CheckInterval.TotalSeconds:0.##}/{cluster.HAProxy.CheckFastInterval.TotalSeconds:0.##} s fall "
        + $"{cluster.HAProxy.CheckFall} rise {cluster.HAProxy.CheckRise}, "
        + $"VRRP {cluster.Vip.AdvertisementInterval.TotalSeconds:0.##} s");

    private static string Name(Endpoint endpoint) => endpoint switch
    {
        Endpoint.Write => "write",
        Endpoint.PooledWrite => "pooledWrite",
        Endpoint.Read => "read",
        _ => "cutOff",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
