using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>What is, or would be, done to a resource.</summary>
public enum StepOperation
{
    /// <summary>Nothing.</summary>
    Same,

    /// <summary>It is made.</summary>
    Create,

    /// <summary>It is changed in place.</summary>
    Update,

    /// <summary>Another is made in its place, and it is removed.</summary>
    Replace,

    /// <summary>It is removed.</summary>
    Delete,
}

/// <summary>One changed input.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Old">Its value at the last run; <see cref="PropertyValue.Null"/> if it had none.</param>
/// <param name="New">Its value now; <see cref="PropertyValue.Null"/> if it has none.</param>
public sealed record InputChange(string Name, PropertyValue Old, PropertyValue New);

/// <summary>One resource and what is, or would be, done to it.</summary>
public sealed record Step
{
    /// <summary>What is done.</summary>
    public required StepOperation Operation { get; init; }

    /// <summary>URN of the resource.</summary>
    public required string Urn { get; init; }

    /// <summary>URN of its parent; null for the stack.</summary>
    public string? Parent { get; init; }

    /// <summary>False for a component.</summary>
    public required bool IsCustom { get; init; }

    /// <summary>Position in the program.</summary>
    public required int Sequence { get; init; }

    /// <summary>Address of the host that a command runs on; null for anything else.</summary>
    public string? Host { get; init; }

    /// <summary>The changed inputs; all of them for a new resource, none for a deleted one.</summary>
    public IReadOnlyList<InputChange> Changes { get; init; } = [];

    /// <summary>Why it is run although nothing changed; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>URNs of what it waits for.</summary>
    public IReadOnlyCollection<string> Dependencies { get; init; } = [];

    /// <summary>Name of the resource.</summary>
    public string Name => Urns.Name(Urn);

    /// <summary>Type token of the resource.</summary>
    public string Type => Urns.Type(Urn);
}

/// <summary>How a step ended.</summary>
public enum StepStatus
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was not begun, since something it depends on failed or the run was stopped.</summary>
    Skipped,
}

/// <summary>A step that has ended.</summary>
/// <param name="Step">The step.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Started">When it began, from the start of the run.</param>
/// <param name="Ended">When it ended, from the start of the run.</param>
/// <param name="LastLine">The last line it wrote; null for none.</param>
/// <param name="Error">What went wrong; null unless it failed.</param>
public sealed record StepResult(Step Step, StepStatus Status, TimeSpan Started, TimeSpan Ended, string? LastLine, string? Error)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Duration => Ended - Started;
}

/// <summary>Told what happens during a run, from several threads at once.</summary>
public interface IRunObserver
{
    /// <summary>A step begins.</summary>
    void OnStarted(Step step, TimeSpan at);

    /// <summary>A step wrote a line; secrets are masked in it.</summary>
    void OnOutput(Step step, string line);

    /// <summary>A step ended.</summary>
    void OnEnded(StepResult result);

    /// <summary>The program, or the engine, has something to say.</summary>
    void OnMessage(MessageSeverity severity, string message);
}
