using System.CommandLine;
using System.CommandLine.Invocation;
using PostgresHa.Cli.Commands;

namespace PostgresHa.Cli;

/// <summary>The whole command line: what there is, and how what goes wrong is said.</summary>
public static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">Its words, without the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            // A word that begins with @ is itself, no file to read words from.
            var result = Build().Parse(PassThrough.Prepare(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (result.Action is ParseErrorAction)
            {
                return Explain(args, result);
            }

            return await result.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // The engine is given the time to write its state after what was begun on the hosts.
                ProcessTerminationTimeout = TimeSpan.FromMinutes(31),
            });
        }
        catch (OperationCanceledException) when (!Debug)
        {
            Report("interrupted; what was done is kept, run the command again to go on.");
            return ExitCode.Interrupted;
        }
        catch (Exception error) when (!Debug)
        {
            Report(Failures.Describe(error));
            return 1;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Build()
    {
        var root = new RootCommand("A PostgreSQL high-availability cluster from bare hosts: create it, change it, look at it.");
        root.Options.Add(CommonOptions.Project);
        foreach (var command in (IEnumerable<Command>)
        [
            EngineCommands.Up(),
            EngineCommands.Preview(),
            MigrateCommand.Create(),
            EngineCommands.Destroy(),
            EngineCommands.Outputs(),
            StatusCommand.Create(),
            BillCommand.Create(),
            DrillCommand.Create(),
            ValidateCommand.Create(),
            PreflightCommand.Create(),
            RenderCommand.Create(),
            LabCommand.Create(),
            FirstWriteCommand.Create(),
        ])
        {
            root.Subcommands.Add(command);
        }

        return root;
    }

    private static bool Debug => Environment.GetEnvironmentVariable("PGHA_DEBUG") is { Length: > 0 } and not "0";

    private static int Explain(string[] args, ParseResult result)
    {
        if (args.Length == 0)
        {
            result.RootCommandResult.Command.Parse(["--help"]).Invoke();
            return ExitCode.Usage;
        }

        var command = result.CommandResult.Command;
        var path = string.Join(' ', Names(result.CommandResult).Reverse());
        // The parser's own words for an unknown command are two, neither of which says what there is.
        var visible = command.Subcommands.Where(static sub => !sub.Hidden).Select(static sub => sub.Name).ToList();
        var problem = visible.Count == 0
            ? string.Join(" ", result.Errors.Select(static error => OneLine(error.Message)).Distinct())
            : result.UnmatchedTokens is [var unknown, ..]
                ? $"{path} has no command “{unknown}”; there are: {string.Join(", ", visible)}."
                : $"{path} wants a command: {string.Join(", ", visible)}.";
        Report($"{problem} See ./{path} --help.");
        return ExitCode.Usage;

        static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult last)
        {
            for (System.CommandLine.Parsing.SymbolResult? at = last; at is not null; at = at.Parent)
            {
                if (at is System.CommandLine.Parsing.CommandResult { Command: var named })
                {
                    yield return named is RootCommand ? "pgha" : named.Name;
                }
            }
        }
    }

    // The parser lists what it would accept line by line.
    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static void Report(string message) => Console.Error.WriteLine("pgha: " + Visible.Of(message));
}
