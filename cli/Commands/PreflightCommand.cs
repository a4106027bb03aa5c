using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PostgresHa.Cli.Preflight;
using PostgresHa.Offline;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha preflight</c>.</summary>
public static class PreflightCommand
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var json = CommonOptions.Json();
        var command = new Command("preflight", "Say whether the hosts are fit for the stack, as `up` asks them first. Touches nothing. Exit code 0 only if all are.") { stack, json };
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
            return ValidateCommand.Run(project, name, summary: !asJson) != 0 ? 1 : await AskAsync(context, asJson, cancellation);
        });
        return command;
    }

    private static async Task<int> AskAsync(StackContext context, bool json, CancellationToken cancellation)
    {
        var cluster = context.Specification;
        await using var run = new PreflightRun(cluster, new HostConnections(context).To);
        List<HostVerdict> verdicts = [];
        foreach (var answer in run.Begin(cancellation))
        {
            verdicts.Add(await answer);
            if (!json)
            {
                Show(verdicts[^1]);
            }
        }

        var unfit = verdicts.Count(static verdict => !verdict.Fit);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { context.Stack, Cluster = cluster.Name, Fit = unfit == 0, Hosts = verdicts }, JsonOptions));
        }
        else
        {
            Console.WriteLine(unfit == 0
                ? string.Create(CultureInfo.InvariantCulture, $"all {verdicts.Count} hosts are fit")
                : string.Create(CultureInfo.InvariantCulture, $"{unfit} of {verdicts.Count} hosts {(unfit == 1 ? "is" : "are")} not fit; nothing was touched"));
        }

        return unfit == 0 ? 0 : 1;
    }

    // Not through the terminal's tables: a command in a line is to be copied whole.
    private static void Show(HostVerdict verdict)
    {
        var count = verdict.Problems.Count;
        Line($"{verdict.Name} ({verdict.Address}): {(verdict.Fit ? "fit" : string.Create(CultureInfo.InvariantCulture, $"{count} problem{(count == 1 ? "" : "s")}"))}{(verdict.System is { } system ? $": {system}" : "")}");
        foreach (var problem in verdict.Problems)
        {
            Line("  ✗ " + problem);
        }

        foreach (var remark in verdict.Remarks)
        {
            Line("  ! " + remark);
        }
    }

    private static void Line(string text) => Console.WriteLine(Visible.Of(text));
}
