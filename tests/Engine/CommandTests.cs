using PostgresHa.Offline;
using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Tests.Engine;

/// <summary>Commands on a real SSH server: created, changed, replaced, removed, failing.</summary>
public sealed class CommandTests(SshServer server) : IClassFixture<SshServer>, IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [SshFact]
    public async Task Creates_in_order_of_dependencies_and_keeps_the_output()
    {
        var log = _harness.At("log");
        var report = await _harness.Up(() =>
        {
            var first = new Command("first", Harness.Args(server, $"sleep 0.3; echo first >> {log}; echo made"));
            _ = new Command("second", Harness.Args(server, $"cat >> {log}", first.Stdout.Apply(text => text + "\n").ToString().Length > 0 ? "second\n" : null), new CustomResourceOptions { DependsOn = { first } });
        });
        Assert.True(report.Succeeded, string.Join('\n', _harness.Recorder.Messages.Concat(report.Results.Select(r => r.Error))));
        Assert.Equal("first\nsecond\n", await File.ReadAllTextAsync(log));
        Assert.Equal(StepOperation.Create, report.Of("second"));
    }

    [SshFact]
    public async Task Connects_to_nothing_when_nothing_changed()
    {
        void Program() => _ = new Command("only", Harness.Args(server, "echo hello"));
        Assert.True((await _harness.Up(Program)).Succeeded);
        var logins = server.Logins;
        var written = File.GetLastWriteTimeUtc(_harness.StatePath);
        var report = await _harness.Up(Program);
        Assert.True(report.Succeeded);
        Assert.Equal(StepOperation.Same, report.Of("only"));
        Assert.Equal(logins, server.Logins);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_harness.StatePath));
    }
}
