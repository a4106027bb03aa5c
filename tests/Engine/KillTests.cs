using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PostgresHa.Tests.Engine;

/// <summary>Ends a run with SIGKILL at several moments; the next run must go on from there, and nothing may be half-written.</summary>
[Collection("ssh")]
public sealed class KillTests(SshServer server) : IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [SshFact]
    public async Task A_killed_run_is_taken_up_by_the_next_one()
    {
        await File.WriteAllTextAsync(_harness.At("host.pub"), server.HostKey);
        await File.WriteAllTextAsync(_harness.At("login"), server.PrivateKey);
        // From the moment the state's folder exists, so that the engine is at work whatever the machine's speed is.
        foreach (var milliseconds in new[] { 50, 400, 800, 1200 })
        {
            using var run = Start();
            await Soon.ExistAsync(_harness.StatePath);
            await Task.Delay(milliseconds);
            run.Kill();
            await run.WaitForExitAsync();
            if (File.Exists(_harness.StatePath))
            {
                using var state = JsonDocument.Parse(await File.ReadAllBytesAsync(_harness.StatePath));
                Assert.Equal(JsonValueKind.Array, state.RootElement.GetProperty("resources").ValueKind);
            }

            foreach (var file in Directory.EnumerateFiles(_harness.Folder, "large?"))
            {
                Assert.Equal(Program.LargeSize, new FileInfo(file).Length);
            }
        }

        using var last = Start();
        var output = await last.StandardOutput.ReadToEndAsync();
        await last.WaitForExitAsync();
        Assert.True(last.ExitCode == 0, output);

        using var again = Start();
        output = await again.StandardOutput.ReadToEndAsync();
        await again.WaitForExitAsync();
        Assert.Contains($"\n{2 * Program.Links} unchanged", output, StringComparison.Ordinal);

        var done = (await File.ReadAllLinesAsync(_harness.At("log"))).Distinct().Order();
        Assert.Equal(Enumerable.Range(0, Program.Links).Select(i => i.ToString(CultureInfo.InvariantCulture)), done);
        Assert.Equal(
            Program.Links,
            Directory.EnumerateFiles(_harness.Folder, "large?").Count(file => new FileInfo(file).Length == Program.LargeSize));
    }

    private Process Start() => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        ["exec", typeof(KillTests).Assembly.Location, "up", _harness.Folder, server.Port.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
    })!;
}
