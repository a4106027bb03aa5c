using System.CommandLine;

namespace PostgresHa.Cli.Commands;

/// <summary>Options that mean the same wherever they stand.</summary>
public static class CommonOptions
{
    /// <summary>Environment variable that names the stack where <c>--stack</c> is left out.</summary>
    public const string StackVariable = "PGHA_STACK";

    /// <summary>The stack of the lab, taken where none is named: nothing of value hangs on it.</summary>
    public const string DefaultStack = "dev";

    /// <summary>Folder of the project.</summary>
    public static Option<string?> Project { get; } = new("--project")
    {
        Description = "Folder with Pulumi.yaml. Default: the one at or above the current folder, else the one of this script.",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>A new option for the stack.</summary>
    public static Option<string?> Stack() => new("--stack", "-s")
    {
        Description = $"The stack: NAME of a file Pulumi.NAME.yaml. Default: ${StackVariable}, else {DefaultStack}, the lab.",
        HelpName = "NAME",
    };

    /// <summary>A new option for machine-readable output.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    /// <summary>The name of the stack a command line means.</summary>
    public static string StackName(ParseResult result, Option<string?> option) =>
        result.GetValue(option)
        ?? (Environment.GetEnvironmentVariable(StackVariable) is { Length: > 0 } named ? named : DefaultStack);
}
