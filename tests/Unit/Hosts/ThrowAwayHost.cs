using System.Diagnostics;
using PostgresHa.Components;
using PostgresHa.Components.Remote;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// A host for one test: this machine's files with all writes kept aside (overlay in a mount namespace of its own), our tools in their
/// place, users postgres and etcd not there. systemd does not run; what the tools ask of it a test answers by <see cref="Stub"/>.
/// </summary>
internal sealed class ThrowAwayHost : IDisposable
{
    private const string Memory = "/dev/shm";

    private readonly string _folder = Path.Join(Memory, "pgha-host-" + Path.GetRandomFileName());

    public ThrowAwayHost()
    {
        foreach (var part in new[] { "upper/usr/local/lib/postgres-ha", "upper/etc", "work", "root" })
        {
            Directory.CreateDirectory(Path.Join(_folder, part));
        }

        foreach (var (name, text) in ToolBundle.Tools)
        {
            Program("usr/local/lib/postgres-ha/" + name, text);
        }

        foreach (var file in new[] { "passwd", "group", "shadow", "gshadow" })
        {
            Write(
                "/etc/" + file,
                string.Concat(
                    File.ReadLines("/etc/" + file).Where(line => line.Split(':')[0] is not ("postgres" or "etcd"))
                        .Select(line => line + "\n")));
        }
    }

    /// <summary>Why there can be none on this machine; null when there can.</summary>
    public static string? Missing { get; } =
        !Environment.IsPrivilegedProcess
            ? "needs root for a mount namespace"
            : Try() is { } error ? $"needs overlay mounts: {error}" : null;

    /// <summary>Puts a program of the test's own before the host's of the same name.</summary>
    public ThrowAwayHost Stub(string name, string script)
    {
        Program("usr/local/sbin/" + name, "#!/bin/sh\n" + script + "\n");
        return this;
    }

    public ThrowAwayHost Write(string path, string content)
    {
        var full = Path.Join(_folder, "upper", path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return this;
    }

    /// <summary>Runs a shell command as root on the host.</summary>
    public Ended Run(string command, string stdin = "", params (string Name, string Value)[] environment)
    {
        const string Enter = """
            mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
            for shown in proc dev sys; do mount --rbind "/$shown" "$1/root/$shown"; done
            exec chroot "$1/root" sh -c "$2"
            """;
        var start = new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "sh", "-ec", Enter, "sh", _folder, command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(stdin);
        process.StandardInput.Close();
        process.WaitForExit();
        return new Ended(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Runs one of our tools and expects it to succeed.</summary>
    public string Tool(string commandLine, string stdin = "", params (string Name, string Value)[] environment)
    {
        var ended = Run(HostPaths.Tools + "/" + commandLine, stdin, environment);
        Assert.True(ended.Code == 0, $"{commandLine} ended with {ended.Code}:\n{ended.Output}\n{ended.Error}");
        return ended.Output;
    }

    /// <summary>What was written on it since it was made, by the test too: paths with the time of the last change.</summary>
    /// <param name="but">Folders that do not count.</param>
    public IReadOnlyList<string> Written(params string[] but)
    {
        var upper = Path.Join(_folder, "upper");
        return
        [
            .. new DirectoryInfo(upper)
                .EnumerateFileSystemInfos(
                    "*",
                    new EnumerationOptions
                    {
                        RecurseSubdirectories = true,
                        AttributesToSkip = FileAttributes.None,
                        IgnoreInaccessible = false,
                    })
                .Where(static entry => entry is FileInfo)
                .Select(entry => $"{entry.FullName[upper.Length..]} {entry.LastWriteTimeUtc:O}")
                .Where(path => !but.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal),
        ];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? Try()
    {
        using var host = new ThrowAwayHost();
        var ended = host.Run("true");
        return ended.Code == 0 ? null : ended.Error.Trim();
    }

    private void Program(string path, string text)
    {
        Write(path, text);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(Path.Join(_folder, "upper", path), (UnixFileMode)Convert.ToInt32("755", 8));
        }
    }

    /// <summary>How a command ended.</summary>
    internal sealed record Ended(int Code, string Output, string Error);
}

/// <summary>A test on a <see cref="ThrowAwayHost"/>; skipped, and said why, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HostFactAttribute : FactAttribute
{
    public HostFactAttribute() => Skip = ThrowAwayHost.Missing;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HostTheoryAttribute : TheoryAttribute
{
    public HostTheoryAttribute() => Skip = ThrowAwayHost.Missing;
}
