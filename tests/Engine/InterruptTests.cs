using System.Diagnostics;
using System.Globalization;
using PostgresHa.Offline;

namespace PostgresHa.Tests.Engine;

/// <summary>Ctrl-C, at any moment of a run.</summary>
[Collection("ssh")]
public sealed class InterruptTests(SshServer server) : IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [SshTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Is_heard_at_any_moment_and_a_later_run_goes_on(int presses)
    {
        await File.WriteAllTextAsync(_harness.At("host.pub"), server.HostKey);
        await File.WriteAllTextAsync(_harness.At("login"), server.PrivateKey);
        foreach (var milliseconds in new[] { 0, 50, 150, 400, 900 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_harness.StatePath)!);
            File.Delete(_harness.StatePath + ".lock");
            using var run = Start();
            var output = run.StandardOutput.ReadToEndAsync();
            var errors = run.StandardError.ReadToEndAsync();
            // The engine's first act; what went before touched nothing, and the system itself ends it.
            await Soon.BeSoAsync(() => File.Exists(_harness.StatePath + ".lock") || run.HasExited, () => "The run does not begin.");
            await Task.Delay(milliseconds);
            for (var press = 0; press < presses && !run.HasExited; press++)
            {
                await Task.Delay(press * 400);
                using var kill = Process.Start("/bin/sh", ["-c", $"kill -INT {run.Id} 2>/dev/null"]);
                await kill.WaitForExitAsync();
            }

            await run.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            // Nothing but that, whichever stream has it: no exception, no trace.
            Assert.All(
                (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => Assert.StartsWith("Stopping: ", line, StringComparison.Ordinal));
            var said = await output + await errors;
            Assert.True(
                run.ExitCode == 0 || (run.ExitCode == 1 && said.Contains("Stopping: ", StringComparison.Ordinal)),
                $"{run.ExitCode}: {said}");
        }

        using var last = Start();
        var rest = await last.StandardOutput.ReadToEndAsync();
        await last.WaitForExitAsync();
        Assert.True(last.ExitCode == 0, rest);
        foreach (var file in Directory.EnumerateFiles(_harness.Folder, "large?"))
        {
            Assert.Equal(Program.LargeSize, new FileInfo(file).Length);
        }
    }

    [Fact]
    public async Task The_first_lets_finish_the_next_ends_and_one_too_late_does_nothing()
    {
        using var stop = new CancellationTokenSource();
        var interruption = new Interruption(_harness.Recorder, stop.Token);
        interruption.Press();
        // The same Ctrl-C by way of the caller.
        await stop.CancelAsync();
        interruption.Press();
        Assert.True(interruption.Limits.Stop.IsCancellationRequested);
        Assert.False(interruption.Limits.Kill.IsCancellationRequested);
        Assert.StartsWith("Stopping: ", Assert.Single(_harness.Recorder.Messages), StringComparison.Ordinal);

        await Task.Delay(400);
        interruption.Press();
        Assert.True(interruption.Limits.Kill.IsCancellationRequested);
        interruption.Dispose();
        interruption.Press();
    }

    private Process Start() => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        ["exec", typeof(InterruptTests).Assembly.Location, "up", _harness.Folder, server.Port.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
