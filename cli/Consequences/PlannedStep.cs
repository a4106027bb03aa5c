using System.Text.RegularExpressions;
using PostgresHa.Cli.Rendering;
using PostgresHa.Offline;
using PostgresHa.StandIns;

namespace PostgresHa.Cli.Consequences;

/// <summary>A step of a preview with the name of its resource in two parts.</summary>
/// <param name="Step">The step.</param>
/// <param name="What">The resource's name without the host's: <c>haproxy-service</c>.</param>
/// <param name="Host">Name of the host; empty where the name ends in none.</param>
internal sealed partial record PlannedStep(Step Step, string What, string Host)
{
    public bool Is(StepOperation operation) => Step.Operation == operation;

    /// <summary>Whether it is run although nothing about it is new: its last run did not end, or everything is to be run again.</summary>
    public bool IsRerun =>
        Step.Reason is not null || (Change("create") is { Old.Text: not null } create && Generation(create.Old) != Generation(create.New));

    /// <summary>Whether the standard input changes.</summary>
    public bool HasNewInput => Change("stdin") is not null;

    /// <summary>Whether the command changes otherwise than by its generation.</summary>
    public bool HasNewCommand => Change("create") is { } create && Without(create.Old) != Without(create.New);

    /// <summary>The standard input of the last run; empty where it had none or does not change.</summary>
    public string OldInput => Change("stdin")?.Old.Text ?? "";

    /// <summary>The standard input of this run; null where it is not known yet or does not change.</summary>
    public string? NewInput => Change("stdin")?.New.Text;

    /// <summary>The words of the command at the last run; null where the command does not change.</summary>
    public IReadOnlyList<string>? OldWords => Change("create")?.Old.Text is { } text ? ShellWords.Split(text) : null;

    /// <summary>The words of the command of this run; null where the command does not change.</summary>
    public IReadOnlyList<string>? NewWords => Change("create")?.New.Text is { } text ? ShellWords.Split(text) : null;

    private InputChange? Change(string name) => Step.Changes.FirstOrDefault(change => change.Name == name);

    private static string Generation(PropertyValue value) => Reapply().Match(value.Text ?? "").Value;

    private static string Without(PropertyValue value) => Reapply().Replace(value.Text ?? "", "");

    [GeneratedRegex(" # reapply [0-9]+$")]
    private static partial Regex Reapply();
}
