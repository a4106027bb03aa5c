namespace PostgresHa.Cli.Consequences;

/// <summary>The kinds of consequences that <c>--refuse</c> names: what must not happen in this change window.</summary>
public static class RefusedKinds
{
    // What is restarted includes PostgreSQL: whoever wants no restart wants none of that either.
    private static readonly (string Name, ConsequenceKind[] Kinds)[] Table =
    [
        ("restart-postgres", [ConsequenceKind.RestartPostgres]),
        ("hand-over", [ConsequenceKind.HandOver]),
        ("restart", [ConsequenceKind.Restart, ConsequenceKind.RestartPostgres]),
        ("reload", [ConsequenceKind.Reload]),
        ("stop", [ConsequenceKind.Stop]),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => [.. Table.Select(static entry => entry.Name)];

    /// <summary>The name of a kind in JSON.</summary>
    public static string Name(ConsequenceKind kind) => kind switch
    {
        ConsequenceKind.Start => "start",
        ConsequenceKind.SetUp => "set-up",
        ConsequenceKind.Other => "other",
        _ => Table.First(entry => entry.Kinds[0] == kind).Name,
    };

    /// <summary>Why a change is refused, a line for each resource that brings about what is not wanted; empty where it is not.</summary>
    /// <param name="summary">What the change comes to.</param>
    /// <param name="refused">Names of what must not happen.</param>
    public static IReadOnlyList<string> Reasons(ConsequenceSummary summary, IReadOnlyCollection<string> refused)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var kinds = Table.Where(entry => refused.Contains(entry.Name)).SelectMany(static entry => entry.Kinds).ToHashSet();
        return
        [
            .. summary.All.Where(one => kinds.Contains(one.Kind)).GroupBy(static one => (one.Resource, one.Text))
                .Select(static group =>
                    $"{group.Key.Resource}: {group.Key.Text}, on "
                    + string.Join(", ", group.Select(static one => one.Host ?? "the leader"))),
        ];
    }
}
