using PostgresHa.Offline;
using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Tests.Engine;

/// <summary>Commands on a real SSH server: created, changed, replaced, removed, failing.</summary>
[Collection("ssh")]
public sealed class CommandTests(SshServer server) : IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [SshFact]
    public async Task Creates_in_order_of_dependencies_and_hands_the_output_on()
    {
        var log = _harness.At("log");
        var report = await _harness.Up(() =>
        {
            var first = new Command("first", Harness.Args(server, $"sleep 0.3; echo first >> {log}; echo made; echo noise >&2"));
            var args = Harness.Args(server, $"cat >> {log}");
            args.Stdin = Output.Format($"second after {first.Stdout} {first.Stderr}\n");
            _ = new Command("second", args);
            _ = new Command("third", Harness.Args(server, $"echo third >> {log}"), new CustomResourceOptions { DependsOn = { first } });
        });
        Assert.True(report.Succeeded, _harness.Everything(report));
        var lines = await File.ReadAllLinesAsync(log);
        Assert.Equal("first", lines[0]);
        Assert.Equal(["second after made noise", "third"], lines[1..].Order());
    }

    [SshFact]
    public async Task What_another_resource_has_by_now_is_not_taken_away_beneath_it()
    {
        var file = _harness.At("file");
        Action Program(string name) => () => _ = new Command(name, Harness.Args(server, $"touch {file}", delete: $"rm {file}"));

        Assert.True((await _harness.Up(Program("old"))).Succeeded);
        var renamed = await _harness.Up(Program("new"));

        Assert.True(renamed.Succeeded, _harness.Everything(renamed));
        Assert.Equal(StepOperation.Delete, renamed.Of("old"));
        Assert.True(File.Exists(file), "the renamed resource's file was removed");
        Assert.Contains(_harness.Recorder.Lines, static line => line.Contains("it is new's by now", StringComparison.Ordinal));
        // Its own removal is one.
        Assert.True((await _harness.Up(() => { })).Succeeded);
        Assert.False(File.Exists(file));
    }

    [SshFact]
    public async Task On_a_host_that_is_lost_nothing_is_run_any_more()
    {
        var file = _harness.At("file");
        var args = Harness.Args(server, $"touch {file}", delete: $"rm {file}");
        Assert.True((await _harness.Up(() => _ = new Command("one-db9", args))).Succeeded);

        var report = await _harness.Engine(() => { }).UpAsync(_harness.Recorder, ["db9"]);

        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.True(File.Exists(file));
        Assert.True((await _harness.Up(() => { })).Steps.Count <= 1);
    }

    [SshFact]
    public async Task Runs_what_is_free_at_the_same_time_over_one_connection()
    {
        var before = server.Logins;
        var report = await _harness.Up(() =>
        {
            for (var i = 0; i < 12; i++)
            {
                _ = new Command($"sleeper{i}", Harness.Args(server, "sleep 0.7"));
            }
        });
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(1, server.Logins - before);
        Assert.True(
            report.Results.Sum(result => result.Duration.TotalSeconds) > report.Elapsed.TotalSeconds * 1.5,
            "the commands ran one after the other");
    }

    [SshFact]
    public async Task Connects_to_nothing_and_writes_nothing_when_nothing_changed()
    {
        void Program()
        {
            var first = new Command("only", Harness.Args(server, "echo hello", "input"));
            var args = Harness.Args(server, "cat");
            args.Stdin = first.Stdout;
            _ = new Command("next", args);
        }

        Assert.True((await _harness.Up(Program)).Succeeded);
        var logins = server.Logins;
        var written = File.GetLastWriteTimeUtc(_harness.StatePath);
        var report = await _harness.Up(Program);
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(StepOperation.Same, report.Of("only"));
        Assert.Equal(StepOperation.Same, report.Of("next"));
        Assert.Empty(report.Results);
        Assert.Equal(logins, server.Logins);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_harness.StatePath));
    }

    [SshFact]
    public async Task A_changed_input_runs_update_else_create_and_a_changed_trigger_replaces()
    {
        var log = _harness.At("log");
        Action Program(string stdin, string? update, string trigger, bool ignore = false) => () =>
        {
            var args = Harness.Args(server, $"echo create >> {log}", stdin, $"echo delete >> {log}");
            args.Update = update is null ? null : (Input<string>)update;
            args.Triggers = new object[] { trigger };
            _ = new Command("file", args, new CustomResourceOptions { IgnoreChanges = ignore ? ["stdin"] : [] });
        };

        await _harness.Up(Program("a", null, "1"));
        await _harness.Up(Program("b", null, "1"));
        Assert.Equal(["create", "create"], await File.ReadAllLinesAsync(log));

        await _harness.Up(Program("c", $"echo update >> {log}", "1"));
        Assert.Equal(["create", "create", "update"], await File.ReadAllLinesAsync(log));

        var logins = server.Logins;
        var nothing = await _harness.Up(Program("d", ":", "1"));
        Assert.Equal(StepOperation.Update, nothing.Of("file"));
        Assert.Equal(logins, server.Logins);

        Assert.Equal(StepOperation.Same, (await _harness.Preview(Program("e", ":", "1", ignore: true))).Of("file"));

        var replaced = await _harness.Up(Program("d", ":", "2"));
        Assert.True(replaced.Succeeded, _harness.Everything(replaced));
        Assert.Equal(StepOperation.Replace, replaced.Steps.First(step => step.Name == "file").Operation);
        Assert.Equal(["create", "delete"], (await File.ReadAllLinesAsync(log))[^2..]);
    }

    [SshFact]
    public async Task What_left_the_program_is_deleted_dependents_first()
    {
        var log = _harness.At("log");
        await _harness.Up(() =>
        {
            var first = new Command("first", Harness.Args(server, "true", delete: $"sleep 0.2; echo first >> {log}"));
            var second = new Command(
                "second",
                Harness.Args(server, "true", delete: $"sleep 0.2; echo second >> {log}"),
                new CustomResourceOptions { DependsOn = { first } });
            _ = new Command(
                "third",
                Harness.Args(server, "true", delete: $"echo third >> {log}"),
                new CustomResourceOptions { DependsOn = { second } });
            _ = new Command("stays", Harness.Args(server, "true", delete: $"echo stays >> {log}"));
        });
        void Rest() => _ = new Command("stays", Harness.Args(server, "true", delete: $"echo stays >> {log}"));
        Assert.Equal(3, (await _harness.Preview(Rest)).Steps.Count(step => step.Operation == StepOperation.Delete));
        Assert.False(File.Exists(log));
        var report = await _harness.Up(Rest);
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(["third", "second", "first"], await File.ReadAllLinesAsync(log));

        Assert.True((await _harness.Destroy()).Succeeded);
        Assert.Equal("stays", (await File.ReadAllLinesAsync(log))[^1]);
        Assert.False(File.Exists(_harness.StatePath));
    }

    [SshFact]
    public async Task A_failure_stops_what_depends_on_it_and_nothing_else()
    {
        var log = _harness.At("log");
        var marker = _harness.At("works");
        void Program()
        {
            var bad = new Command("bad", Harness.Args(server, $"test -e {marker} || {{ echo seen on stdout; echo boom >&2; exit 3; }}"));
            _ = new Command(
                "dependent", Harness.Args(server, $"echo dependent >> {log}"), new CustomResourceOptions { DependsOn = { bad } });
            var component = new Group("group");
            var slow = new Command("slow", Harness.Args(server, "sleep 0.5"), new CustomResourceOptions { Parent = component });
            _ = new Command("after", Harness.Args(server, $"echo after >> {log}"), new CustomResourceOptions { DependsOn = { component } });
        }

        var report = await _harness.Up(Program);
        Assert.False(report.Succeeded);
        var failure = report.Result("bad");
        Assert.Equal(StepStatus.Failed, failure.Status);
        Assert.Contains("exit code 3 on 127.0.0.1", failure.Error, StringComparison.Ordinal);
        Assert.Contains("boom", failure.Error, StringComparison.Ordinal);
        Assert.Contains("seen on stdout", failure.Error, StringComparison.Ordinal);
        Assert.Equal(StepStatus.Skipped, report.Result("dependent").Status);
        Assert.Equal(["after"], await File.ReadAllLinesAsync(log));

        await File.WriteAllTextAsync(marker, "");
        report = await _harness.Up(Program);
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(StepOperation.Same, report.Of("after"));
        Assert.Equal(["after", "dependent"], await File.ReadAllLinesAsync(log));
    }

    [SshFact]
    public async Task Nothing_is_deleted_after_a_failure_and_a_failed_delete_stays_recorded()
    {
        var marker = _harness.At("works");
        await _harness.Up(() => _ = new Command("old", Harness.Args(server, "true", delete: $"test -e {marker}")));

        var report = await _harness.Up(() => _ = new Command("new", Harness.Args(server, "false")));
        Assert.False(report.Succeeded);
        Assert.DoesNotContain(report.Results, result => result.Step.Name == "old");

        report = await _harness.Destroy();
        Assert.False(report.Succeeded);
        Assert.Equal(StepStatus.Failed, report.Result("old").Status);
        Assert.Contains("::old", await File.ReadAllTextAsync(_harness.StatePath), StringComparison.Ordinal);

        await File.WriteAllTextAsync(marker, "");
        Assert.True((await _harness.Destroy()).Succeeded);
    }

    [SshFact]
    public async Task A_failed_update_is_run_again_even_when_the_change_is_taken_back()
    {
        var log = _harness.At("log");
        Action Program(string create) => () => _ = new Command("file", Harness.Args(server, create));
        var good = $"echo good >> {log}";
        await _harness.Up(Program(good));
        Assert.False((await _harness.Up(Program($"echo half >> {log}; false"))).Succeeded);

        var preview = await _harness.Preview(Program(good));
        Assert.Equal(StepOperation.Update, preview.Of("file"));
        Assert.Contains("did not complete", preview.Steps.Single(step => step.Name == "file").Reason, StringComparison.Ordinal);
        Assert.True((await _harness.Up(Program(good))).Succeeded);
        Assert.Equal(["good", "half", "good"], await File.ReadAllLinesAsync(log));
        Assert.Equal(StepOperation.Same, (await _harness.Preview(Program(good))).Of("file"));
    }

    [SshFact]
    public async Task What_something_else_is_about_to_change_is_run_again_though_it_is_as_asked()
    {
        var log = _harness.At("log");
        void Program() => _ = (
            new Command("check-a", Harness.Args(server, $"echo a >> {log}")),
            new Command("b", Harness.Args(server, $"echo b >> {log}")));
        await _harness.Up(Program);
        await _harness.Engine(Program).RedoAsync("move", static name => name.StartsWith("check-", StringComparison.Ordinal));

        var preview = await _harness.Preview(Program);
        Assert.Equal(StepOperation.Update, preview.Of("check-a"));
        Assert.Equal(StepOperation.Same, preview.Of("b"));
        Assert.True((await _harness.Up(Program)).Succeeded);
        Assert.Equal(["a", "a", "b"], (await File.ReadAllLinesAsync(log)).Order());
        Assert.Equal(StepOperation.Same, (await _harness.Preview(Program)).Of("check-a"));
    }

    [SshFact]
    public async Task A_large_input_arrives_whole()
    {
        var content = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"line {i}\n"));
        var target = _harness.At("large");
        var report = await _harness.Up(() => _ = new Command("large", Harness.Args(server, $"cat > {target}", content)));
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(content, await File.ReadAllTextAsync(target));
    }

    [SshFact]
    public async Task A_stopped_run_finishes_what_runs_and_begins_nothing_more()
    {
        using var stop = new CancellationTokenSource();
        var log = _harness.At("log");
        var running = _harness.Up(
            () =>
            {
                var first = new Command("first", Harness.Args(server, $"touch {log}.started; sleep 1; echo first >> {log}"));
                _ = new Command(
                    "second", Harness.Args(server, $"echo second >> {log}"), new CustomResourceOptions { DependsOn = { first } });
            },
            stop.Token);
        await Soon.ExistAsync(log + ".started");
        await stop.CancelAsync();
        var report = await running;
        Assert.False(report.Succeeded);
        Assert.Equal(StepStatus.Done, report.Result("first").Status);
        Assert.Equal(StepStatus.Skipped, report.Result("second").Status);
        Assert.Equal(["first"], await File.ReadAllLinesAsync(log));
    }
}
