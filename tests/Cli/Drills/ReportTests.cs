using System.Text.RegularExpressions;
using System.Xml.Linq;
using PostgresHa.Cli;
using PostgresHa.Cli.Drills;

namespace PostgresHa.Tests.Cli.Drills;

public sealed partial class ReportTests
{
    [Fact]
    public void The_page_is_self_contained_and_well_formed()
    {
        var page = HtmlReport.Render([Samples.Result(), Samples.Result("switchover", round: 2)], "one machine (2 cores)");
        // A page that has to be kept must not fetch anything.
        Assert.DoesNotMatch(@"(src|href)=""(?!#)", page);
        Assert.DoesNotContain("@T", page, StringComparison.Ordinal);
        Assert.Contains("@media print", page, StringComparison.Ordinal);
        Assert.Contains("name=\"viewport\"", page, StringComparison.Ordinal);
        Assert.All(Svg().Matches(page), static match => XDocument.Parse(match.Value));
        Assert.Equal(2, Svg().Count(page));
        // For whoever wants to see it: PGHA_REPORT=/tmp/report.html dotnet test.
        if (Environment.GetEnvironmentVariable("PGHA_REPORT") is { Length: > 0 } path)
        {
            File.WriteAllText(path, page);
        }
    }

    [Fact]
    public void The_page_names_every_figure_and_escapes_what_it_quotes()
    {
        var page = HtmlReport.Render([Samples.Result() with { Failures = ["<two> hosts"] }], "here");
        Assert.Contains("2.40 s", page, StringComparison.Ordinal);
        Assert.Contains("12.5 s", page, StringComparison.Ordinal);
        Assert.Contains("mdw → standby", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("57P01 × 95", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("&lt;two&gt; hosts", page, StringComparison.Ordinal);
        Assert.Contains("✗ failed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_record_grows_and_the_page_shows_medians_and_maxima_of_all_of_it()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "docs", "RELIABILITY.md");
        ReliabilityPage.Record(path, Samples.Result(), "here");
        ReliabilityPage.Record(path, Samples.Result() with { WriteGap = 4.4 }, "here");
        ReliabilityPage.Record(path, Samples.Result() with { WriteGap = 9, Missing = 3, Failures = ["too long"] }, "here");
        var page = File.ReadAllText(path);
        Assert.Equal(3, File.ReadLines(Path.ChangeExtension(path, ".jsonl")).Count());
        Assert.Contains(
            "| host-crash | the leader's host loses its power | 3 | 4.4 / 9.0 s | ≤ 5 s | 12.5 s | 0.6 / 0.6 s | 6.1 / "
            + "6.1 s | 2100 | 3 | 0 | 2 |",
            page,
            StringComparison.Ordinal);
        Assert.Contains(
            "host-crash: 1 of 3 rounds above the aim of 5 s; the longest term is lease, up to 10 s (patroni.ttl).",
            page,
            StringComparison.Ordinal);
        Assert.Contains("host-crash (off): too long", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_drill_is_told_with_those_there_are()
    {
        var error = Assert.Throws<CommandException>(static () => DrillCatalogue.Find("host-crahs"));
        Assert.StartsWith("There is no drill 'host-crahs'; there are switchover, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_unique_and_all_means_each_once()
    {
        var names = DrillCatalogue.Find("all").Select(static drill => drill.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.DoesNotContain("all", names);
    }

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("pgha-drill-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
