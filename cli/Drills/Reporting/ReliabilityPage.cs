using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PostgresHa.Cli.Drills;

/// <summary>docs/RELIABILITY.md and the record beside it, one line of JSON for each drill ever recorded.</summary>
internal static class ReliabilityPage
{
    /// <summary>Adds a result to the record and writes the page anew from all of it.</summary>
    /// <param name="path">The page; the record has the same name with the ending <c>.jsonl</c>.</param>
    /// <param name="result">The new result.</param>
    /// <param name="machine">Where it was measured.</param>
    public static void Record(string path, DrillResult result, string machine)
    {
        var record = Path.ChangeExtension(path, ".jsonl");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.AppendAllLines(record, [JsonSerializer.Serialize(ReliabilityEntry.Of(result, machine), DrillJson.OneLine)]);
        File.WriteAllText(path, Render(Read(record)));
    }

    /// <summary>The page.</summary>
    public static string Render(IReadOnlyList<ReliabilityEntry> entries)
    {
        var text = new StringBuilder("""
            # Reliability, measured

            Written by `./pgha drill … --record docs/RELIABILITY.md` from the record beside it (`RELIABILITY.jsonl`, one line for each drill). Each figure is the
            median and, after the slash, the maximum of all rounds.

            - **write gap**: the longest time without an acknowledged write that touches the fault, on the worse of the write port and the pooled one, as two clients
              each saw it that give up on an answer after 2 s and connect anew at once.
            - **budget**: the worst case that the stack's own timings add up to, the client's part included (the stack's output `failoverBudget` has the terms).
            - **aim**: what this project wants to reach on the lab. Rounds above it are listed below the table, with the term of the budget that takes the longest.
            - **read gap**: the same as the write gap, on the read port.
            - **healthy after**: from the begin of the repair (of a lost host: from power on) until every member streams and every service runs; at most 60 s.
            - **lost**: rows whose writer was told they are committed and that were gone afterwards, over all rounds.

            """);
        var configurations = entries.GroupBy(static entry => (entry.Synchronous, entry.Timing, entry.Machine)).ToList();
        foreach (var configuration in configurations)
        {
            text.Append(Text($"\n## Synchronous replication {configuration.Key.Synchronous}\n\n{configuration.Key.Timing}. Measured on ")
                + Text($"{configuration.Key.Machine}, "));
            text.Append(Text($"{configuration.Min(static entry => entry.At):yyyy-MM-dd} to ")
                + Text($"{configuration.Max(static entry => entry.At):yyyy-MM-dd}.\n\n"));
            text.Append(
                "| drill | what happens | rounds | write gap | aim | budget | read gap | healthy after | acknowledged | lost "
                + "| two writers | passed |\n");
            text.Append("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
            foreach (var drill in DrillCatalogue.All)
            {
                var rounds = configuration.Where(entry => entry.Drill == drill.Name).ToList();
                if (rounds.Count > 0)
                {
                    Row(text, drill, rounds);
                }
            }

            AboveTheAim(text, configuration);
        }

        var failures = entries.Where(static entry => entry.Failures.Count > 0).ToList();
        if (failures.Count > 0)
        {
            text.Append("\n## What failed\n\n");
            foreach (var entry in failures)
            {
                text.Append(Text(
                    $"- {entry.At:yyyy-MM-dd HH:mm} {entry.Drill} ({entry.Synchronous}): {string.Join("; ", entry.Failures)}\n"));
            }
        }

        return text.ToString();
    }

    private static void AboveTheAim(StringBuilder text, IEnumerable<ReliabilityEntry> configuration)
    {
        foreach (var drill in configuration.GroupBy(static entry => entry.Drill))
        {
            var above = drill.Where(static entry => entry.WriteGap > entry.Aim).ToList();
            if (above.Count > 0)
            {
                text.Append(Text($"\n{drill.Key}: {above.Count} of {drill.Count()} rounds above the aim of {above[^1].Aim:0} s; the ")
                    + Text($"longest term is {above[^1].LongestTerm}.\n"));
            }
        }
    }

    private static void Row(StringBuilder text, Drill drill, List<ReliabilityEntry> rounds)
    {
        text.Append(Text($"| {drill.Name} | {drill.Summary} | {rounds.Count} | {Both(rounds.Select(static entry => entry.WriteGap))} | "));
        text.Append(Text($"{(rounds[^1].Aim is { } aim ? Text($"≤ {aim:0} s") : "–")} | {rounds.Max(static entry => entry.Budget):0.0} s ")
            + Text($"| {Both(rounds.Select(static entry => entry.ReadGap))} | "));
        text.Append(Text($"{Both(rounds.Where(static entry => entry.Healthy is not null).Select(static entry => entry.Healthy!.Value))} ")
            + Text($"| {rounds.Sum(static entry => entry.Acknowledged)} | "));
        text.Append(Text($"{rounds.Sum(static entry => entry.Missing)} | {rounds.Count(static entry => entry.TwoWriters)} | ")
            + Text($"{rounds.Count(static entry => entry.Failures.Count == 0)} |\n"));
    }

    private static string Both(IEnumerable<double> figures) =>
        Statistic.Of(figures) is { } found ? Text($"{found.Median:0.0} / {found.Maximum:0.0} s") : "never";

    private static List<ReliabilityEntry> Read(string record) =>
        [.. File.ReadLines(record).Where(static line => line.Length > 0)
            .Select(static line => JsonSerializer.Deserialize<ReliabilityEntry>(line, DrillJson.OneLine)!)];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
