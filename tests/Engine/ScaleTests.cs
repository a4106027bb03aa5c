using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PostgresHa.Tests.Engine;

/// <summary>What more hosts cost: as much each as the first ones did.</summary>
public sealed partial class ScaleTests : IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task What_is_written_grows_with_the_number_of_steps()
    {
        var few = await WrittenAsync(3);
        var many = await WrittenAsync(15);
        Assert.True(many < 6 * few, $"3 hosts wrote {few} bytes, 15 hosts {many}");
        // Each step's record twice, in the journal and in the file, and what is begun: no more than three times the state.
        Assert.True(
            many < 3 * new FileInfo(_harness.StatePath).Length,
            $"15 hosts wrote {many} bytes, the state has {new FileInfo(_harness.StatePath).Length}");
    }

    [GeneratedRegex(@"^wchar: (\d+)", RegexOptions.Multiline)]
    private static partial Regex Written();

    // In a process of its own, since the system counts by process.
    private async Task<long> WrittenAsync(int hosts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_harness.StatePath)!);
        File.Delete(_harness.StatePath);
        using var run = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            ["exec", typeof(ScaleTests).Assembly.Location, "scale", _harness.Folder, hosts.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, output);
        return long.Parse(Written().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
