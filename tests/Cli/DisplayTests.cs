using PostgresHa.Cli;
using PostgresHa.Cli.Display;
using PostgresHa.Offline;
using PostgresHa.Tests.Engine;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using Spectre.Console;

namespace PostgresHa.Tests.Cli;

/// <summary>What a reviewer reads.</summary>
public sealed class DisplayTests : IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void A_diff_shows_changes_with_three_lines_around()
    {
        var old = string.Concat(Enumerable.Range(1, 20).Select(i => $"l{i}\n"));
        var now = old.Replace("l10\n", "changed\n", StringComparison.Ordinal).Replace("l20\n", "l20\nadded\n", StringComparison.Ordinal);
        Assert.Equal(
            "@@ -7,7 +7,7 @@| l7| l8| l9|-l10|+changed| l11| l12| l13|@@ -18,3 +18,4 @@| l18| l19| l20|+added",
            string.Join('|', LineDiff.Unified(old, now).Select(line => line.Sign == '@' ? line.Line : line.Sign + line.Line)));
        Assert.Empty(LineDiff.Unified(old, old));
        Assert.Equal(
            ["@@ -0,0 +1,1 @@"],
            LineDiff.Unified("", "x\n").Where(line => line.Sign == '@')
                .Select(line => line.Line.Replace("-1,0", "-0,0", StringComparison.Ordinal)));
        Assert.Equal(["x", "x  (no line end)"], LineDiff.Unified("x\n", "x").Where(line => line.Sign != '@').Select(line => line.Line));
    }

    [Fact]
    public async Task A_preview_shows_files_line_by_line_and_no_secret()
    {
        Action Program(string timeout, string password, bool both) => () =>
        {
            var group = new Group("haproxy");
            _ = new Command(
                "haproxy-config-mdw", Args($"defaults\n    timeout client {timeout}\n"), new CustomResourceOptions { Parent = group });
            var secret = Args("");
            secret.Stdin = Output.CreateSecret($"PASSWORD={password}\n");
            _ = new Command("haproxy-users-mdw", secret, new CustomResourceOptions { Parent = group });
            _ = new Command("same-mdw", Args("same\n"), new CustomResourceOptions { Parent = group });
            if (both)
            {
                _ = new Command("gone-mdw", Args("gone\n"), new CustomResourceOptions { Parent = group });
            }
        };

        var text = Text(await _harness.Preview(Program("60m", "first-password", true)));
        Assert.Contains("+                timeout client 60m\n", text, StringComparison.Ordinal);
        Assert.Contains("stdin: [secret]", text, StringComparison.Ordinal);
        Assert.Contains("4 to create; 0 unchanged", text, StringComparison.Ordinal);
        await _harness.Up(Program("60m", "first-password", true));

        var report = await _harness.Preview(Program("30m", "other-password", false));
        text = Text(report);
        Assert.Contains("-                timeout client 60m\n+                timeout client 30m\n", text, StringComparison.Ordinal);
        Assert.Contains("stdin: [secret], changed", text, StringComparison.Ordinal);
        Assert.Contains("-      gone-mdw", text, StringComparison.Ordinal);
        Assert.DoesNotContain("same-mdw", text, StringComparison.Ordinal);
        Assert.Contains("2 to update, 1 to delete; 1 unchanged", text, StringComparison.Ordinal);
        Assert.DoesNotContain("password", text + PreviewJson.Write("test", report.Steps), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"op\": \"update\"", PreviewJson.Write("test", report.Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_depends_on_something_not_known_yet_shows_as_such()
    {
        Action Program(string create) => () =>
        {
            var first = new Command("first", Args("x", create));
            var second = Args("");
            second.Stdin = first.Stdout;
            _ = new Command("second", second);
        };
        await _harness.Up(Program(":"));
        var report = await _harness.Preview(Program(": "));
        Assert.Equal(StepOperation.Update, report.Of("second"));
        Assert.Contains("[not known yet]", Text(report), StringComparison.Ordinal);
        // It came out the same after all.
        Assert.Equal(StepOperation.Same, (await _harness.Up(Program(": "))).Of("second"));
    }

    [Fact]
    public void The_critical_path_is_the_longest_chain()
    {
        StepResult Step(string name, int from, int to, params string[] after) => new(
            new Step
            {
                Operation = StepOperation.Create,
                Urn = Urn(name),
                IsCustom = true,
                Sequence = from,
                Dependencies = [.. after.Select(Urn)],
            },
            StepStatus.Done, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), null, null);
        var path = RunSummary.CriticalPath(
            [Step("a", 0, 5), Step("b", 0, 9), Step("c", 5, 20, "a"), Step("d", 9, 19, "a", "b"), Step("e", 20, 21, "c")]);
        Assert.Equal(["a", "c", "e"], path.Select(result => result.Step.Name));

        static string Urn(string name) => $"urn:pulumi:test::postgres-ha::t:i:T::{name}";
    }

    [Fact]
    public async Task The_end_tells_what_was_done_and_where_the_time_went()
    {
        var report = await _harness.Up(() =>
        {
            var group = new Group("etcd");
            var first = new Command("etcd-config-mdw", Args("x"), new CustomResourceOptions { Parent = group });
            _ = new Command("etcd-service-mdw", Args("x"), new CustomResourceOptions { Parent = group, DependsOn = { first } });
        });
        using var writer = new StringWriter();
        new RunSummary(Terminal.For(writer, isRedirected: true)).Show("dev", report);
        var text = writer.ToString();
        Assert.Contains("Stack dev: 2 created, 0 unchanged in", text, StringComparison.Ordinal);
        Assert.Contains("  etcd  ", text, StringComparison.Ordinal);
        Assert.Contains("Critical path", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\e]0;title\a", "\\x1b]0;title\\x07")]
    [InlineData("a\0b\rc\bd", "a\\x00b\\x0dc\\x08d")]
    [InlineData("\u009b2J\u202eevil\ufeff", "\\x9b2J\\u202eevil\\ufeff")]
    [InlineData("tab\tline\nümlaut “quoted” …", "tab\tline\nümlaut “quoted” …")]
    public async Task Nothing_that_a_terminal_obeys_reaches_it(string text, string shown)
    {
        Assert.Equal(shown, Visible.Of(text));
        var report = await _harness.Preview(() => _ = new Command("evil", Args($"{text}\nsecond\n")));
        Assert.Contains(shown.Split('\n')[0], Text(report), StringComparison.Ordinal);
        using var writer = new StringWriter();
        using (var progress = new ProgressDisplay(Coloured(writer)))
        {
            var step = report.Steps.Single(step => step.IsCustom);
            progress.OnMessage(PostgresHa.StandIns.MessageSeverity.Error, text);
            progress.OnEnded(new StepResult(step, StepStatus.Done, TimeSpan.Zero, TimeSpan.Zero, "changed: " + text, null));
        }

        Assert.Contains("\e[", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            System.Text.RegularExpressions.Regex.Replace(writer.ToString(), "\e\\[[0-9;]*m", ""),
            c => char.IsControl(c) && c is not ('\n' or '\t') || c is '\u202e' or '\ufeff');
    }

    [Fact]
    public void A_line_is_neither_wrapped_nor_cut_and_keeps_its_brackets_tabs_and_blanks()
    {
        var line = "  [red]\t" + string.Concat(Enumerable.Repeat("word ", 200)) + new string('x', 2000) + "  ";
        using var writer = new StringWriter { NewLine = "\n" };
        Terminal.For(writer, isRedirected: true).Line(line, "red");
        Assert.Equal(line + "\n", writer.ToString());
        using var coloured = new StringWriter { NewLine = "\n" };
        Coloured(coloured).Line(line, "red");
        Assert.Contains(line, coloured.ToString(), StringComparison.Ordinal);
    }

    private static IAnsiConsole Coloured(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Out = new AnsiConsoleOutput(writer),
    });

    private static CommandArgs Args(string stdin, string create = ":") => new()
    {
        Connection = new ConnectionArgs { Host = "10.0.12.9", HostKey = "ssh-ed25519 AAAA", PrivateKey = "private-password-key" },
        Create = create,
        Stdin = stdin,
        AddPreviousOutputInEnv = false,
    };

    private static string Text(RunReport report)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new PreviewDisplay(Terminal.For(writer, isRedirected: true)).Show("Preview", report.Steps);
        return writer.ToString();
    }
}
