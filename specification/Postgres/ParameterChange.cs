namespace PostgresHa.Specification;

/// <summary>What a changed parameter asks of PostgreSQL.</summary>
public enum ParameterEffect
{
    /// <summary>Nothing: the same value, written otherwise.</summary>
    None,

    /// <summary>A reload.</summary>
    Reload,

    /// <summary>A restart.</summary>
    Restart,

    /// <summary>An extension's: a reload, or a restart where the extension reads it at a start only.</summary>
    Unknown,
}

/// <summary>One parameter of PostgreSQL that has another value than before.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Old">Its value before; null where it had none.</param>
/// <param name="New">Its value now; null where it has none.</param>
public sealed record ParameterChange(string Name, string? Old, string? New)
{
    private const string AtStart = "postmaster";

    private static readonly string[] True = ["on", "true", "yes", "1"];

    // PostgreSQL's documentation, "Hot Standby, Administrator's Overview": a replica has to have at least its leader's value. With the
    // defaults that hold where a stack file says nothing.
    private static readonly Dictionary<string, double> LeaderFirst = new(StringComparer.OrdinalIgnoreCase)
    {
        ["max_connections"] = 100,
        ["max_locks_per_transaction"] = 64,
        ["max_prepared_transactions"] = 0,
        ["max_wal_senders"] = 10,
        ["max_worker_processes"] = 8,
    };

    /// <summary>What it asks of PostgreSQL.</summary>
    public ParameterEffect Effect =>
        !PostgresParameter.All.TryGetValue(Name, out var parameter) ? ParameterEffect.Unknown
        : IsSame(parameter) ? ParameterEffect.None
        : parameter.Context == AtStart ? ParameterEffect.Restart
        : ParameterEffect.Reload;

    /// <summary>
    /// Whether the leader has to be restarted in place before its replicas can follow: it is one that no replica may have less of, and it
    /// becomes less.
    /// </summary>
    public bool IsLeaderFirst =>
        LeaderFirst.TryGetValue(Name, out var standard) && Number(New, standard) < Number(Old, standard);

    private bool IsSame(PostgresParameter parameter) =>
        Old is not null && New is not null
        && (parameter.Type == "bool"
            ? IsTrue(Old) == IsTrue(New)
            : Old == New || (parameter.Number(Old) is { } old && parameter.Number(New) is { } now && old.Equals(now)));

    private double? Number(string? value, double standard) => value is null ? standard : PostgresParameter.All[Name].Number(value);

    private static bool IsTrue(string value) => True.Contains(value, StringComparer.OrdinalIgnoreCase);
}
