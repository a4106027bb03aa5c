using System.Globalization;
using System.Net;
using System.Text;

namespace PostgresHa.Cli.Drills;

/// <summary>The report as one self-contained HTML file.</summary>
internal static class HtmlReport
{
    /// <summary>Renders it.</summary>
    /// <param name="results">The drills in the order in which they ran.</param>
    /// <param name="machine">Where they were measured, as a sentence.</param>
    public static string Render(IReadOnlyList<DrillResult> results, string machine)
    {
        ArgumentNullException.ThrowIfNull(results);
        var first = results[0];
        var rows = new StringBuilder();
        var sections = new StringBuilder();
        foreach (var (result, number) in results.Select(static (result, index) => (result, index + 1)))
        {
            Row(rows, result, number);
            Section(sections, result, number);
        }

        // One pass, so that nothing inserted is taken for a placeholder.
        var parts = Template().Split('@');
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part switch
            {
                "TITLE" => Safe($"Drills of stack {first.Stack}"),
                "SUBTITLE" => Safe(
                    $"{Text($"{first.At:yyyy-MM-dd HH:mm} UTC")} · {machine} · synchronous replication {first.Synchronous} · "
                    + $"{first.Timing}"),
                "ROWS" => rows.ToString(),
                "SECTIONS" => sections.ToString(),
                // What the page itself has of that sign: its media rules.
                _ when part.StartsWith("media", StringComparison.Ordinal) => "@" + part,
                _ => part,
            });
        }

        return text.ToString();
    }

    private static void Row(StringBuilder html, DrillResult result, int number) => html.Append(
        Text($"<tr><td><a href=\"#drill-{number}\">{Safe(Name(result))}</a></td><td>{Verdict(result)}</td><td>{result.WriteGap:0.0} ")
            + Text($"s</td><td>{Budget(result)}</td><td>{result.ReadGap:0.0} s</td>")
        + Text(
            $"<td>{result.Acknowledged}</td><td>{result.Missing}</td><td>{Healthy(result)}</td><td>{Safe(Leaders(result))}</td></tr>\n"));

    private static void Section(StringBuilder html, DrillResult result, int number)
    {
        html.Append(Text(
            $"<section id=\"drill-{number}\">\n<h2>{Safe(Name(result))} {Verdict(result)}</h2>\n<p>{Safe(result.Action)}</p>\n"));
        if (result.Failures.Count > 0)
        {
            html.Append("<ul class=\"failures\">").AppendJoin("", result.Failures.Select(static failure => $"<li>{Safe(failure)}</li>"))
                .Append("</ul>\n");
        }

        html.Append("<div class=\"figures\">");
        Figure("write gap", Text($"{result.WriteGap:0.00} s"));
        Figure("budget", Budget(result));
        Figure("read gap", Text($"{result.ReadGap:0.00} s"));
        Figure("acknowledged, lost", Text($"{result.Acknowledged}, {result.Missing}"));
        Figure("committed, not acknowledged", Text($"{result.Unacknowledged}"));
        Figure("healthy after the repair began", Healthy(result));
        html.Append("</div>\n<div class=\"scroll\">").Append(TimelineSvg.Draw(result, Text($"e{number}")))
            .Append("</div>\n<ol class=\"events\">");
        var fault = result.Events.FirstOrDefault(static one => one.Name == "fault")?.At ?? TimeSpan.Zero;
        foreach (var (one, index) in result.Events.Select(static (one, index) => (one, index + 1)))
        {
            var detail = one.Detail.Length > 0 ? $" ({one.Detail})" : "";
            html.Append(Text($"<li><b>{index}</b>{Safe(one.Name + detail)} {(one.At - fault).TotalSeconds:+0.0;−0.0;0.0} s</li>"));
        }

        html.Append(
            "</ol>\n<p class=\"quiet\">Bars: successes (solid, upward) and errors (hatched, downward) in each 100 ms.</p>\n<div "
            + "class=\"scroll\"><table><thead><tr><th>endpoint</th><th>gap</th><th>gap in the "
            + "repair</th><th>successes</th><th>errors</th><th>kinds</th></tr></thead><tbody>\n");
        foreach (var (name, stream) in result.Streams)
        {
            html.Append(Text($"<tr><td>{Safe(name)}</td><td>{stream.Gap:0.00} s</td><td>{stream.RepairGap:0.00} ")
                + Text($"s</td><td>{stream.Succeeded}</td><td>{stream.Failed}</td><td>{Safe(Kinds(stream))}</td></tr>\n"));
        }

        html.Append("</tbody></table></div>\n");
        if (result.Budget is { } budget)
        {
            html.Append(Text($"<p class=\"quiet\">{Safe(budget.Terms)}</p>\n"));
        }

        html.Append(string.Concat(result.Notes.Select(static note => $"<p>{Safe(note)}</p>\n"))).Append("</section>\n");

        void Figure(string name, string value) => html.Append(Text($"<div>{name}<b>{value}</b></div>"));
    }

    /// <summary>Kinds of errors with their numbers, as one line.</summary>
    public static string Kinds(StreamResult stream) =>
        string.Join(", ", stream.Errors.Select(static pair => Text($"{pair.Key} × {pair.Value}")));

    private static string Name(DrillResult result) => result.Round > 1 ? Text($"{result.Drill}, round {result.Round}") : result.Drill;

    private static string Leaders(DrillResult result) =>
        result.LeaderAfter == result.LeaderBefore ? result.LeaderBefore : $"{result.LeaderBefore} → {result.LeaderAfter ?? "none"}";

    private static string Budget(DrillResult result) => result.Budget is { } budget ? Text($"{budget.Seconds:0.0} s") : "–";

    private static string Healthy(DrillResult result) => result.Healthy is { } healthy ? Text($"{healthy:0.0} s") : "never";

    private static string Verdict(DrillResult result) =>
        result.Passed ? "<span class=\"verdict\">✓ passed</span>" : "<span class=\"verdict failed\">✗ failed</span>";

    private static string Template()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("drills/report.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
