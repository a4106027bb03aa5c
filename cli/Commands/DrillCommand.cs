using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PostgresHa.Cli.Drills;
using PostgresHa.Lab;
using Spectre.Console;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha drill</c>: rehearses a bad day and holds what clients saw against what the configuration promises.</summary>
public static class DrillCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("NAME")
        {
            Description = "One of "
                + string.Join("; ", DrillCatalogue.All.Select(static drill => $"{drill.Name} ({drill.Summary})"))
                + $"; or {DrillCatalogue.Everything} of them in turn.",
        };
        var stack = CommonOptions.Stack();
        var json = CommonOptions.Json();
        var report = new Option<string?>("--report") { Description = "Write the report as one HTML file.", HelpName = "FILE.html" };
        var record = new Option<string?>("--record")
        {
            Description = "Add the results to a record (FILE with the ending .jsonl) and write FILE anew from all of it.",
            HelpName = "FILE.md",
        };
        var rounds = new Option<int>("--rounds", "-n") { Description = "How often. Default: once.", DefaultValueFactory = static _ => 1 };
        var changes = new Option<string[]>("--change")
        {
            Description = "Of bad-change: only this one; may be repeated. One of "
                + $"{string.Join(", ", BadChanges.All.Select(static one => one.Name))}.",
            HelpName = "NAME",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask. Not needed for the lab." };
        var command = new Command(
            "drill", "Break something on purpose, measure what clients see, mend it. Exit code 0 only if every promise was kept.")
        {
            name, stack, json, report, record, rounds, changes, yes,
        };
        command.SetAction(async (result, cancellation) =>
        {
            // Wrong words are told before anything is looked at.
            var drills = DrillCatalogue.Find(result.GetValue(name)!, result.GetValue(changes) ?? []);
            if (result.GetValue(rounds) < 1)
            {
                throw new CommandException("--rounds: give a number of at least 1.");
            }

            var output = new DrillOutput(
                result.GetValue(json),
                OutputPath.OptionalFile(report.Name, result.GetValue(report)),
                OutputPath.OptionalFile(record.Name, result.GetValue(record)));
            var context = StackContext.Load(
                Project.Find(result.GetValue(CommonOptions.Project)), CommonOptions.StackName(result, stack), withoutLab: true);
            NamespaceEntry.Enter(context.Specification, keepMounts: true);
            if (context.KeysArePending)
            {
                throw new CommandException("The lab is not running; start it: ./pgha lab up");
            }

            return await RunAsync(context, drills, result.GetValue(rounds), result.GetValue(yes), output, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        StackContext context, IReadOnlyList<Drill> drills, int rounds, bool yes, DrillOutput output, CancellationToken cancellation)
    {
        var lab = context.IsLab ? LabContext.Of(context).Environment() : null;
        var access = new DatabaseAccess(context.Specification, await ConnectionUriAsync(context));
        var runner = new DrillRunner(context, lab, access, output.Say);
        if (await WhyNotAsync(context, runner, drills, lab is not null || yes, output, cancellation) is { } reason)
        {
            throw new CommandException($"Nothing was touched: {reason}");
        }

        var machine = Machine.Describe(lab is not null, context.Specification.Hosts.Count);
        var results = new List<DrillResult>();
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var drill in drills)
                {
                    if (await runner.RunAsync(drill, round, cancellation) is { } result)
                    {
                        results.Add(result);
                        output.One(results, machine);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("pgha: interrupted; what the drill had broken is mended, ./pgha status shows how the cluster is.");
            return ExitCode.Interrupted;
        }
        finally
        {
            // Also after an interruption.
            output.All(results);
        }

        return results.Count > 0 && results.All(static result => result.Passed) ? 0 : 1;
    }

    private static async Task<string?> WhyNotAsync(
        StackContext context, DrillRunner runner, IReadOnlyList<Drill> drills, bool allowed, DrillOutput output,
        CancellationToken cancellation)
    {
        var (status, refusal) = await runner.LookAsync(cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var shell = runner.Shell();
        var scene = runner.Scene(status, shell);
        // Among all of them, one that cannot be done here is left out.
        if (drills is [var only] && only.Refusal(scene) is { } reason)
        {
            return $"{only.Name}: {reason}.";
        }

        if (allowed)
        {
            return null;
        }

        if (Console.IsInputRedirected)
        {
            return $"stack {context.Stack} is not the lab, and there is nobody to ask; give --yes if it is meant.";
        }

        foreach (var drill in drills)
        {
            output.Say(drill.Describe(scene));
        }

        Console.Error.Write($"This is not a lab. Type the name of the stack to go on ({context.Stack}): ");
        return Console.ReadLine()?.Trim() == context.Stack ? null : "the name of the stack was not typed.";
    }

    private static async Task<Uri> ConnectionUriAsync(StackContext context)
    {
        // A stack that Pulumi applied has its outputs there: PGHA_CONNECTION_URI="$(pulumi stack output connectionUri --show-secrets)".
        var uri = Environment.GetEnvironmentVariable(FirstWriteCommand.UriVariable) is { Length: > 0 } given
            ? given
            : (await StackEngine.For(context).OutputsAsync()).GetValueOrDefault("connectionUri")?.Text;
        return new Uri(uri ?? throw new CommandException(
            $"Nothing was touched: stack {context.Stack} was not applied from here; apply it (./pgha up), or set "
            + $"{FirstWriteCommand.UriVariable} to its output connectionUri."));
    }

    /// <summary>Where results go: the terminal or JSON, a report, a record.</summary>
    private sealed class DrillOutput(bool json, string? report, string? record)
    {
        // JSON alone on standard output; what people read meanwhile goes beside it.
        private readonly IAnsiConsole _console = json ? Terminal.Errors : Terminal.Output;

        public void Say(string line) => _console.WriteLine(line);

        // Written after each drill: whatever ends a long series, what was measured is there.
        public void One(List<DrillResult> results, string machine)
        {
            TerminalSummary.WriteOne(_console, results[^1]);
            if (report is not null)
            {
                File.WriteAllText(report, HtmlReport.Render(results, machine));
            }

            if (record is not null)
            {
                ReliabilityPage.Record(record, results[^1], machine);
            }
        }

        public void All(List<DrillResult> results)
        {
            if (json)
            {
                Console.WriteLine(JsonSerializer.Serialize(results, DrillJson.Indented));
            }

            if (results.Count == 0)
            {
                return;
            }

            TerminalSummary.WriteTable(_console, results);
            if (report is not null)
            {
                Say($"report: {report}");
            }

            if (record is not null)
            {
                Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{results.Count} results added to {Path.ChangeExtension(record, ".jsonl")}, {record} written"));
            }
        }
    }
}
