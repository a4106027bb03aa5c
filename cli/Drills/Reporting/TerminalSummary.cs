using System.Globalization;
using Spectre.Console;

namespace PostgresHa.Cli.Drills;

/// <summary>What people at a terminal are told.</summary>
internal static class TerminalSummary
{
    /// <summary>One drill, right after it.</summary>
    public static void WriteOne(IAnsiConsole console, DrillResult result)
    {
        var style = result.Passed ? "green" : "red bold";
        console.MarkupLineInterpolated($"  [{style}]{(result.Passed ? "✓" : "✗")} {result.Drill}[/]: {Sentence(result)}");
        foreach (var failure in result.Failures)
        {
            console.MarkupLineInterpolated($"    [red]{Visible.Of(failure)}[/]");
        }

        foreach (var (name, stream) in result.Streams.Where(static pair => pair.Value.Failed > 0))
        {
            console.MarkupLineInterpolated(
                $"    [grey]{name}: gap {Seconds(stream.Gap)}, {stream.Failed} errors ({Visible.Of(HtmlReport.Kinds(stream))})[/]");
        }

        var fault = result.Events.FirstOrDefault(static one => one.Name == "fault")?.At ?? TimeSpan.Zero;
        var events = result.Events.Where(one => one.At >= fault).Select(one => Text(
            $"{one.Name}{(one.Detail.Length > 0 ? $" ({one.Detail})" : "")} {(one.At - fault).TotalSeconds:+0.0;-0.0;0.0} s"));
        console.MarkupLineInterpolated($"    [grey]{Visible.Of(string.Join(", ", events))}[/]");
        foreach (var note in result.Notes)
        {
            console.MarkupLineInterpolated($"    [grey]{Visible.Of(note)}[/]");
        }
    }

    /// <summary>All drills as a table: budget and measured side by side.</summary>
    public static void WriteTable(IAnsiConsole console, IReadOnlyList<DrillResult> results)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in (string[])
            ["drill", "budget", "write gap", "read gap", "acknowledged", "lost", "healthy after", "leader", ""])
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Round > 1 ? Text($"{result.Drill} ({result.Round})") : result.Drill),
                result.Budget is { } budget ? Seconds(budget.Seconds) : "–",
                Seconds(result.WriteGap),
                Seconds(result.ReadGap),
                Text($"{result.Acknowledged}"),
                Text($"{result.Missing}"),
                result.Healthy is { } healthy ? Seconds(healthy) : "never",
                Markup.Escape(
                    result.LeaderBefore == result.LeaderAfter
                        ? result.LeaderBefore
                        : $"{result.LeaderBefore} → {result.LeaderAfter ?? "none"}"),
                result.Passed ? "[green]✓[/]" : "[red]✗[/]");
        }

        console.Write(table);
    }

    private static string Sentence(DrillResult result) => string.Join(", ", (string[])
    [
        Text($"writes failed for {Seconds(result.WriteGap)}{(result.Budget is { } budget ? $" (budget {Seconds(budget.Seconds)})" : "")}"),
        Text($"reads for {Seconds(result.ReadGap)}"),
        Text($"{result.Acknowledged} rows acknowledged and {(result.Missing == 0 ? "none" : Text($"{result.Missing}"))} lost"),
        result.Healthy is { } healthy ? Text($"healthy {Seconds(healthy)} after the repair began") : "not healthy afterwards",
    ]);

    private static string Seconds(double seconds) => Text($"{seconds:0.0} s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
