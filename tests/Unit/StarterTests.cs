using System.Diagnostics;

namespace PostgresHa.Tests.Unit;

/// <summary>
/// The script <c>pgha</c> itself, in a folder in which there is nothing to build, with a dotnet that says what it was given.
/// </summary>
public sealed class StarterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pgha-starter-").FullName;

    public StarterTests()
    {
        foreach (
            var folder in new[] { "cli", "lab", "offline", "infra", "components", "templates", "artifacts/bin/cli/release", "programs" })
        {
            Directory.CreateDirectory(Path.Join(_folder, folder));
        }

        foreach (var file in new[] { "Directory.Build.props", ".editorconfig", "artifacts/bin/cli/release/pgha.dll" })
        {
            File.WriteAllText(Path.Join(_folder, file), "");
        }

        Program("programs/dotnet", "#!/bin/sh\necho \"$HOME\"; echo \"$@\"; command -v runuser\n");
        File.Copy(Path.Join(Repository.Root, "pgha"), Path.Join(_folder, "pgha"));
        File.WriteAllText(Path.Join(_folder, "artifacts/pgha.stamp"), "");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/somewhere")]
    public void Starts_with_what_cron_and_systemd_leave_of_an_environment(string? home)
    {
        var start = new ProcessStartInfo(Path.Join(_folder, "pgha"), ["status", "--stack", "dev"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Path.Join(_folder, "programs") + ":/usr/bin:/bin";
        if (home is not null)
        {
            start.Environment["HOME"] = home;
        }

        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.Equal("", errors);
        Assert.Equal(home is null or "" ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) : home, lines[0]);
        Assert.EndsWith("pgha.dll status --stack dev", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("/runuser", lines[2], StringComparison.Ordinal);
    }

    private void Program(string path, string text)
    {
        File.WriteAllText(Path.Join(_folder, path), text);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(Path.Join(_folder, path), (UnixFileMode)Convert.ToInt32("755", 8));
        }
    }
}
