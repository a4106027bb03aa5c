using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PostgresHa.Cli.Preflight;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha preflight</c>.</summary>
public static class PreflightCommand
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var json = CommonOptions.Json();
        var command = new Command(
            "preflight",
            "Say whether the hosts are fit for the stack, as `up` asks them first. Touches nothing. Exit code 0 only if all are.")
        {
            stack, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var project = Project.Find(result.GetValue(CommonOptions.Project));
            var name = CommonOptions.StackName(result, stack);
            var context = StackContext.Load(project, name, withoutLab: true);
            NamespaceEntry.Enter(context.Specification);
            if (context.KeysArePending)
            {
                throw new CommandException("The lab is not running; start it: ./pgha lab up");
            }

            var asJson = result.GetValue(json);
            // What can be seen without a connection comes first.
            if (ValidateCommand.Run(project, name, summary: !asJson) != 0)
            {
                return 1;
            }

            await using var run = new PreflightRun(context.Specification, context.FullName, new HostConnections(context).To);
            return await ShowAsync(run.Begin(cancellation), name, asJson, Console.Out) ? 0 : 1;
        });
        return command;
    }

    /// <summary>Shows verdicts as they come, in their order.</summary>
    /// <param name="answers">The verdicts.</param>
    /// <param name="stack">Name of the stack.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="output">Where to.</param>
    /// <returns>Whether all hosts are fit.</returns>
    internal static async Task<bool> ShowAsync(IReadOnlyList<Task<HostVerdict>> answers, string stack, bool json, TextWriter output)
    {
        List<HostVerdict> verdicts = [];
        foreach (var answer in answers)
        {
            verdicts.Add(await answer);
            if (!json)
            {
                Show(verdicts[^1], output);
            }
        }

        var unfit = verdicts.Count(static verdict => !verdict.Fit);
        await output.WriteLineAsync(
            json ? JsonSerializer.Serialize(new { Stack = stack, Fit = unfit == 0, Hosts = verdicts }, JsonOptions)
            : unfit == 0 ? string.Create(CultureInfo.InvariantCulture, $"all {verdicts.Count} hosts are fit")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{unfit} of {verdicts.Count} hosts {(unfit == 1 ? "is" : "are")} not fit; nothing was touched"));
        return unfit == 0;
    }

    // Not through the terminal's tables: a command in a line is to be copied whole.
    private static void Show(HostVerdict verdict, TextWriter output)
    {
        var count = verdict.Problems.Count;
        var word = verdict.Fit ? "fit" : string.Create(CultureInfo.InvariantCulture, $"{count} problem{(count == 1 ? "" : "s")}");
        IEnumerable<string> lines =
        [
            $"{verdict.Name} ({verdict.Address}): {word}{(verdict.System is { } system ? $": {system}" : "")}",
            .. verdict.Problems.Select(static problem => "  ✗ " + problem),
            .. verdict.Remarks.Select(static remark => "  ! " + remark),
        ];
        foreach (var line in lines)
        {
            output.WriteLine(Visible.Of(line));
        }
    }
}
