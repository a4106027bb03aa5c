using System.Globalization;
using PostgresHa.Cli.Consequences;
using Spectre.Console;

namespace PostgresHa.Cli.Display;

/// <summary>The end of a preview: what happens on each host, and for how long writes may stop.</summary>
internal sealed class ConsequenceDisplay(IAnsiConsole console)
{
    private const string Leader = "the leader";

    internal void Show(ConsequenceSummary summary)
    {
        console.Line();
        console.Line("What up would do:", "bold");
        if (summary.IsNewCluster)
        {
            console.Line($"  sets up a new cluster on {string.Join(", ", summary.Hosts)}; there is nothing yet that could stop");
            return;
        }

        if (summary.All.Count == 0)
        {
            console.Line("  nothing, on any host");
            return;
        }

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("HOST").NoWrap());
        table.AddColumn(new TableColumn("WHAT"));
        foreach (var host in summary.Hosts.Append(null))
        {
            List<Consequence> here = [.. summary.On(host)];
            if (host is not null || here.Count > 0)
            {
                table.AddRow(
                    new Markup(Markup.Escape(Visible.Of(host ?? Leader))),
                    new Markup(here.Count == 0 ? "[grey]nothing[/]" : string.Join('\n', here.Select(Shown))));
            }
        }

        console.Write(table);
        console.Line(Writes(summary), summary.WriteStops.Count > 0 ? "red" : "green");
    }

    internal static string Writes(ConsequenceSummary summary) => summary.WriteStops switch
    {
        [] => "Writes go on.",
        [var only] => $"Writes may stop for {Seconds(only)} s at worst: {only.Reason}.",
        var several => "Writes may stop at worst for "
            + string.Join("; for ", several.Select(static stop => $"{Seconds(stop)} s: {stop.Reason}")) + ".",
    };

    private static string Shown(Consequence one) => $"[{Style(one.Kind)}]{Markup.Escape(Visible.Of(one.Text))}[/]";

    private static string Seconds(WriteStop stop) => Math.Ceiling(stop.Worst.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Style(ConsequenceKind kind) => kind switch
    {
        ConsequenceKind.HandOver or ConsequenceKind.RestartPostgres or ConsequenceKind.Stop => "red",
        ConsequenceKind.Restart => "yellow",
        ConsequenceKind.Start or ConsequenceKind.SetUp => "green",
        _ => Terminal.Plain,
    };
}
