namespace PostgresHa.Cli.Drills;

/// <summary>One line of the record.</summary>
internal sealed record ReliabilityEntry(
    string Drill,
    DateTimeOffset At,
    string Machine,
    string Synchronous,
    string Timing,
    double Budget,
    string LongestTerm,
    double? Aim,
    double WriteGap,
    double ReadGap,
    double? Healthy,
    int Acknowledged,
    int Missing,
    bool TwoWriters,
    IReadOnlyList<string> Failures)
{
    public static ReliabilityEntry Of(DrillResult result, string machine) => new(
        result.Drill,
        result.At,
        machine,
        result.Synchronous,
        result.Timing,
        Round(result.Budget?.Seconds ?? 0),
        result.Budget?.Longest ?? "",
        result.Aim,
        Round(result.WriteGap),
        Round(result.ReadGap),
        result.Healthy is { } healthy ? Round(healthy) : null,
        result.Acknowledged,
        result.Missing,
        result.TwoWriters.Count > 0,
        result.Failures);

    private static double Round(double seconds) => Math.Round(seconds, 2);
}
