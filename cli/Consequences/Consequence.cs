namespace PostgresHa.Cli.Consequences;

/// <summary>What kind of thing happens; the gravest first.</summary>
public enum ConsequenceKind
{
    /// <summary>Another member becomes leader.</summary>
    HandOver,

    /// <summary>PostgreSQL is restarted: every connection to it is cut.</summary>
    RestartPostgres,

    /// <summary>Another service is restarted.</summary>
    Restart,

    /// <summary>A service is stopped, and does not come back.</summary>
    Stop,

    /// <summary>A service takes a changed configuration over while it runs.</summary>
    Reload,

    /// <summary>A service is started that did not run before.</summary>
    Start,

    /// <summary>A host that had nothing gets everything.</summary>
    SetUp,

    /// <summary>Something that no service notices.</summary>
    Other,
}

/// <summary>For how long writes may stop.</summary>
/// <param name="Reason">While what, as the end of a sentence.</param>
/// <param name="Worst">How long at worst.</param>
public sealed record WriteStop(string Reason, TimeSpan Worst);

/// <summary>One thing that happens on a host when a previewed change is applied.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Host">Name of the host; null for whichever leads by then, which no preview knows.</param>
/// <param name="Text">What happens, as a sentence without its subject.</param>
/// <param name="Resource">Name of the resource that brings it about.</param>
public sealed record Consequence(ConsequenceKind Kind, string? Host, string Text, string Resource)
{
    /// <summary>False where only the hosts know whether it happens; the text says <c>may</c>. Default true.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>For how long writes may stop meanwhile; null where they do not. Default null.</summary>
    public WriteStop? Writes { get; init; }
}
