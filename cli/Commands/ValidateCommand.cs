using System.CommandLine;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha validate</c>.</summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var command = new Command("validate", "Check a stack file and say everything that is wrong with it. Needs no network.") { stack };
        command.SetAction(result => 0);
        return command;
    }
}
