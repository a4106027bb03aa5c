using System.Text.RegularExpressions;
using PostgresHa.Components;

namespace PostgresHa.Tests.Unit.Quoting;

/// <summary>No value reaches a file but through the quoting of that file's syntax.</summary>
public sealed partial class TemplateTests
{
    /// <summary>What a template inserts as it is, by template and expression, and why.</summary>
    private static readonly Dictionary<(string Template, string Expression), string> AsTheyAre = new()
    {
        [("patroni/patroni.yml", "line")] = "a line of patroni/dynamic.yml, which is quoted there",
    };

    /// <summary>Functions of a syntax, and the files that are written in it.</summary>
    private static readonly (string Functions, string Templates)[] Syntaxes =
    [
        ("^yaml", @"\.yml$"),
        ("^environment", @"\.env$"),
        ("^unit", @"\.service$|\.timer$|/service\.conf$"),
        ("^shell$", @"/(patronictl|pg_rewind)$"),
        ("^haproxy$", @"^haproxy/.*\.cfg$"),
        ("^keepalived$", @"^keepalived/.*\.conf$"),
        ("^pgbouncer$", @"^pgbouncer/.*\.ini$"),
        ("^pgbouncer_listed$", "^pgbouncer/userlist.txt$"),
        ("^udev$", @"\.rules$"),
    ];

    // Files whose texts of several lines are no files on a host, and what they are.
    private static readonly Dictionary<string, string> NoFiles = new()
    {
        ["BuildPlan.cs"] = "reads a line of a tool's output",
        ["CertificateAuthority.cs"] = "PEM, which the framework writes",
        ["Etcd.cs"] = "passwords on the stdin of etcd-auth",
        ["FirewallRules.cs"] = "rules on the stdin of firewall-apply",
        ["Patroni.cs"] = "fingerprints on the stdin of patroni-verify",
        ["PatroniFiles.cs"] = "the dynamic configuration, cut into its lines",
        ["PgBouncer.cs"] = "a password on the stdin of pgbouncer-verify",
        ["PostgresFiles.cs"] = "an argument of postgres-build with a flag on each line",
        ["RemoteService.cs"] = "fingerprints on the stdin of service-apply",
        ["ToolBundle.cs"] = "the tools, which hold no values",
    };

    public static TheoryData<string> All => [.. Templates.Names("")];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_value_goes_through_a_quoting_function(string name)
    {
        foreach (var expression in Expressions(name))
        {
            if (AsTheyAre.ContainsKey((name, expression)))
            {
                continue;
            }

            var match = Quoted().Match(expression);
            Assert.True(match.Success, $"templates/{name}: {{{{ {expression} }}}} inserts a value as it is; end it with | to.SYNTAX");
            var function = match.Groups["function"].Value;
            Assert.Contains(function, TemplateFunctions.Names);
            foreach (var (functions, templates) in Syntaxes.Where(syntax => Regex.IsMatch(function, syntax.Functions)))
            {
                Assert.True(
                    Regex.IsMatch(name, templates),
                    $"templates/{name}: {{{{ {expression} }}}} quotes for a file of another syntax ({functions})");
            }
        }
    }

    [Fact]
    public void What_goes_in_as_it_is_is_still_there() =>
        Assert.All(AsTheyAre.Keys, item => Assert.Contains(item.Expression, Expressions(item.Template)));

    [Fact]
    public void A_template_without_quoting_would_be_seen()
    {
        Assert.Equal(
            ["name", "a.b | to.yaml", "x; y"],
            ExpressionsOf("{{ if a }}{{ name }}{{~ a.b | to.yaml ~}}{{ end }}{{- x; y -}}{{ for a in b }}{{ else }}"));
        Assert.DoesNotMatch(Quoted(), "name");
        Assert.DoesNotMatch(Quoted(), "name | to.yaml | string.upcase");
        Assert.DoesNotMatch(Quoted(), "x; y | to.yaml");
    }

    [Fact]
    public void Nothing_but_a_template_makes_a_file()
    {
        var folder = Path.Join(Repository.Root, "components");
        var makers = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains("/Templating/", StringComparison.Ordinal) && File.ReadLines(path)
                .Any(
                    static line =>
                        !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && line.Contains("\\n", StringComparison.Ordinal)))
            .Select(static path => Path.GetFileName(path));

        Assert.Equal(NoFiles.Keys.Order(StringComparer.Ordinal), makers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("word", "two words")]
    [InlineData("word", "a\n")]
    [InlineData("address", "10.0.0.1/8")]
    [InlineData("number", "12e5")]
    [InlineData("number", "1\n")]
    [InlineData("time", "5")]
    [InlineData("flag", "yes")]
    [InlineData("keepalived", "a!b")]
    [InlineData("udev", "a\"b")]
    [InlineData("pgbouncer", " a")]
    [InlineData("pgbouncer", "")]
    [InlineData("unit", "a\\")]
    [InlineData("comment", "a\nb")]
    public void What_a_syntax_cannot_carry_is_refused(string function, string value) =>
        Assert.ThrowsAny<ArgumentException>(() => TemplateFunctions.Apply(function, value));

    [Fact]
    public void No_syntax_of_lines_carries_a_line_break()
    {
        // A shell's word may.
        foreach (var function in TemplateFunctions.Names.Except(["shell"]))
        {
            foreach (var line in new[] { "a\nb", "a\rb", "a\0b", "a\u0085b", "a\u2028b", "a\uD800" })
            {
                var refused = Assert.ThrowsAny<ArgumentException>(() => TemplateFunctions.Apply(function, line));
                Assert.DoesNotContain(line, refused.Message, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<string> Expressions(string name) => ExpressionsOf(Templates.Read(name));

    // Statements write nothing themselves.
    private static IEnumerable<string> ExpressionsOf(string template) => Tag().Matches(template)
        .Select(static match => match.Groups["code"].Value.Trim())
        .Where(static code => !Statement().IsMatch(code));

    [GeneratedRegex(@"\{\{[~-]?(?<code>.*?)[~-]?\}\}", RegexOptions.Singleline)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^((if|else if|for)\s[^;\n]*|else|end)$")]
    private static partial Regex Statement();

    [GeneratedRegex(@"^[a-z_]+([.][a-z_]+)* \| to[.](?<function>[a-z_]+)$")]
    private static partial Regex Quoted();
}
