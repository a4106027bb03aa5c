using System.Text.Json.Serialization;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>What clients of one endpoint saw.</summary>
/// <param name="Gap">Longest time without a success that touches the fault, in seconds.</param>
/// <param name="RepairGap">The same for the time of the repair, in seconds.</param>
/// <param name="Closed">Whether a success ended the gap.</param>
/// <param name="Succeeded">Number of successes during the whole drill.</param>
/// <param name="Failed">Number of failed attempts.</param>
/// <param name="Errors">Failed attempts by kind: SQLSTATE or the exception's class.</param>
public sealed record StreamResult(
    double Gap, double RepairGap, bool Closed, int Succeeded, int Failed, IReadOnlyDictionary<string, int> Errors);

/// <summary>A budget as a result holds it.</summary>
/// <param name="Name">Name of the scenario.</param>
/// <param name="Seconds">Its worst case.</param>
/// <param name="Terms">Its terms as one line.</param>
/// <param name="Longest">The longest of them, with what it follows from.</param>
public sealed record BudgetResult(string Name, double Seconds, string Terms, string Longest)
{
    /// <summary>The result's form of a scenario.</summary>
    public static BudgetResult Of(FailoverScenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return new BudgetResult(
            scenario.Name, scenario.Total.TotalSeconds, scenario.ToString(),
            scenario.Terms.MaxBy(static term => term.Time)?.ToString() ?? "none");
    }
}

/// <summary>Everything one drill found out.</summary>
public sealed record DrillResult
{
    /// <summary>Name of the drill.</summary>
    public required string Drill { get; init; }

    /// <summary>What it did, as a sentence.</summary>
    public required string Action { get; init; }

    /// <summary>The stack it ran against.</summary>
    public required string Stack { get; init; }

    /// <summary>Number of the round, from 1.</summary>
    public required int Round { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Synchronous mode of the stack: <c>off</c>, <c>on</c>, <c>strict</c>, <c>quorum</c>.</summary>
    public required string Synchronous { get; init; }

    /// <summary>Lease and loop of Patroni and what else decides the timing, in a few words.</summary>
    public required string Timing { get; init; }

    /// <summary>Leader before.</summary>
    public required string LeaderBefore { get; init; }

    /// <summary>Leader after; null when there was none.</summary>
    public required string? LeaderAfter { get; init; }

    /// <summary>What the configuration promises for the writes; null where it promises nothing.</summary>
    public required BudgetResult? Budget { get; init; }

    /// <summary>The write gap in seconds that the project aims at on the lab; null where the budget alone counts.</summary>
    public required double? Aim { get; init; }

    /// <summary>Longest time in seconds without an acknowledged write, on whichever of the write endpoints it was longest.</summary>
    public required double WriteGap { get; init; }

    /// <summary>Longest time in seconds without a successful read.</summary>
    public required double ReadGap { get; init; }

    /// <summary>What clients saw, by endpoint.</summary>
    public required IReadOnlyDictionary<string, StreamResult> Streams { get; init; }

    /// <summary>Rows whose writer was told they are committed.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Acknowledged rows that were lost.</summary>
    public required int Missing { get; init; }

    /// <summary>Over how many seconds the lost rows had been acknowledged; 0 when none was lost.</summary>
    public required double MissingSpan { get; init; }

    /// <summary>Rows that are there though their writer got an error.</summary>
    public required int Unacknowledged { get; init; }

    /// <summary>Two servers that took writes on one timeline, a sentence each.</summary>
    public required IReadOnlyList<string> TwoWriters { get; init; }

    /// <summary>Seconds for which two servers took writes at once on different timelines.</summary>
    public required double Overlap { get; init; }

    /// <summary>
    /// Seconds from the begin of the repair (of a host: from power on) until the whole cluster was healthy; null when it did not become
    /// so.
    /// </summary>
    public required double? Healthy { get; init; }

    /// <summary>What happened, in order, in seconds from the start of the measurement.</summary>
    public required IReadOnlyList<DrillEvent> Events { get; init; }

    /// <summary>What was not as it should be, a sentence each; empty when the drill passed.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>What a reader should know beside the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether everything promised was kept.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>Writes per 100 ms.</summary>
    [JsonIgnore]
    public Buckets Writes { get; init; } = new([], []);

    /// <summary>Reads per 100 ms.</summary>
    [JsonIgnore]
    public Buckets Reads { get; init; } = new([], []);
}
