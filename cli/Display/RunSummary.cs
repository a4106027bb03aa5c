using PostgresHa.Offline;
using PostgresHa.StandIns;
using Spectre.Console;

namespace PostgresHa.Cli.Display;

/// <summary>What is said when a run is over: what failed, what was done, where the time went, what came out.</summary>
internal sealed class RunSummary(IAnsiConsole console)
{
    internal void Show(string stack, RunReport report)
    {
        var done = report.Results.Where(result => result.Status == StepStatus.Done && result.Step.IsCustom).ToList();
        var failed = report.Results.Where(result => result.Status == StepStatus.Failed).ToList();
        var skipped = report.Results.Count(result => result.Status == StepStatus.Skipped && result.Step.IsCustom);
        foreach (var result in failed)
        {
            console.Line();
            console.Line($"{result.Step.Name} failed after {ProgressDisplay.Seconds(result.Duration)}:", "red");
            foreach (var line in (result.Error ?? string.Empty).Split('\n'))
            {
                console.Line("    " + line);
            }
        }

        if (done.Count > 0)
        {
            ShowTimes(report, done);
        }

        console.Line();
        console.Line(
            $"Stack {stack}: "
            + $"{Counts(report, done)}{(failed.Count > 0 ? $", {failed.Count} failed" : "")}{(skipped > 0 ? $", {skipped} not begun" : "")}"
            + $" in {ProgressDisplay.Seconds(report.Elapsed)}.",
            report.Succeeded ? "bold" : "red");
        if (!report.Succeeded)
        {
            console.Line(report.IsRecorded
                ? "What was done is recorded; run it again to go on from there."
                : "Not all that was done could be recorded; once the state can be written, run it again: it does the rest over.");
        }
    }

    internal void ShowOutputs(IReadOnlyDictionary<string, PropertyValue> outputs, bool showSecrets)
    {
        if (outputs.Count == 0)
        {
            return;
        }

        var width = outputs.Keys.Max(name => name.Length);
        foreach (var (name, value) in outputs)
        {
            var shown = showSecrets ? value.WithSecret(false) : value;
            if (shown is { Kind: PropertyKind.Map, IsSecret: false })
            {
                console.Line($"  {name}:");
                foreach (var (entry, item) in shown.Entries)
                {
                    console.Line($"    {entry.PadRight(Math.Max(width - 2, 1))}  {(showSecrets ? item.WithSecret(false) : item)}");
                }
            }
            else
            {
                console.Line($"  {name.PadRight(width)}  {shown}");
            }
        }
    }

    /// <summary>The chain of steps, each waiting for the one before, that took longest together.</summary>
    internal static IReadOnlyList<StepResult> CriticalPath(IReadOnlyList<StepResult> done)
    {
        var best = new Dictionary<string, (TimeSpan Length, StepResult Result, string? Before)>(StringComparer.Ordinal);
        foreach (var result in done.Where(result => result.Step.Operation != StepOperation.Delete).OrderBy(result => result.Ended))
        {
            var before = result.Step.Dependencies.Where(best.ContainsKey).MaxBy(urn => best[urn].Length);
            best[result.Step.Urn] = (result.Duration + (before is null ? TimeSpan.Zero : best[before].Length), result, before);
        }

        var path = new List<StepResult>();
        for (var urn = best.Count == 0 ? null : best.MaxBy(entry => entry.Value.Length).Key; urn is not null; urn = best[urn].Before)
        {
            path.Add(best[urn].Result);
        }

        path.Reverse();
        return path;
    }

    private static string Counts(RunReport report, List<StepResult> done)
    {
        var parts = new List<string>();
        foreach (var (operation, word) in new[]
        {
            (StepOperation.Create, "created"), (StepOperation.Update, "updated"), (StepOperation.Replace, "replaced"),
            (StepOperation.Delete, "deleted"),
        })
        {
            if (done.Count(result => result.Step.Operation == operation) is var count and > 0)
            {
                parts.Add($"{count} {word}");
            }
        }

        parts.Add($"{report.Steps.Count(step => step.IsCustom && step.Operation == StepOperation.Same)} unchanged");
        return string.Join(", ", parts);
    }

    private void ShowTimes(RunReport report, List<StepResult> done)
    {
        var names = report.Steps.GroupBy(step => step.Urn, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Name, StringComparer.Ordinal);
        var phases = done.GroupBy(result => result.Step.Parent ?? string.Empty, StringComparer.Ordinal)
            .Select(
                group => (
                    Name: names.GetValueOrDefault(group.Key, "others"),
                    From: group.Min(result => result.Started),
                    To: group.Max(result => result.Ended),
                    Count: group.Count()))
            .OrderBy(phase => phase.From)
            .ToList();
        console.Line();
        console.Line("Where the time went (phases overlap):", "bold");
        var width = phases.Max(phase => phase.Name.Length);
        foreach (var (name, from, to, count) in phases)
        {
            console.Line(
                $"  {name.PadRight(width)}  {ProgressDisplay.Seconds(to - from),10}  from {ProgressDisplay.Seconds(from)} to "
                + $"{ProgressDisplay.Seconds(to)}, {count} {(count == 1 ? "step" : "steps")}");
        }

        var path = CriticalPath(done);
        if (path.Count > 1)
        {
            console.Line();
            console.Line(
                $"Critical path ({ProgressDisplay.Seconds(TimeSpan.FromTicks(path.Sum(result => result.Duration.Ticks)))}):", "bold");
            foreach (var result in path)
            {
                console.Line($"  {ProgressDisplay.Seconds(result.Duration),10}  {result.Step.Name}");
            }
        }
    }
}
