using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace PostgresHa.Lab;

/// <summary>What a finished command left.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs programs of the machine.</summary>
internal static class Command
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Runs a program that is expected to succeed; anything else is an error that shows the end of what it said.</summary>
    public static async Task<string> RequireAsync(
        IReadOnlyList<string> command,
        TimeSpan? timeout = null,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onLine = null,
        CancellationToken cancellation = default)
    {
        var result = await RunAsync(command, timeout, environment, onLine, cancellation);
        return result.ExitCode == 0
            ? result.Output
            : throw new LabException(string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(' ', command)} ended with {result.ExitCode}:\n{Tail(result.Error + result.Output, 15)}"));
    }

    /// <summary>Runs a program and returns its exit code and output; standard input is empty.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="timeout">When to give up and kill it with all it started. Default one minute.</param>
    /// <param name="environment">Variables added to this process's.</param>
    /// <param name="onLine">Called with each line of output as it comes.</param>
    /// <param name="cancellation">Kills it with all it started.</param>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command,
        TimeSpan? timeout = null,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onLine = null,
        CancellationToken cancellation = default)
    {
        using var process = new Process { StartInfo = Describe(command, environment) };
        process.StartInfo.RedirectStandardInput = true;
        process.StartInfo.RedirectStandardOutput = true;
        process.StartInfo.RedirectStandardError = true;
        Start(process);
        process.StandardInput.Close();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout ?? DefaultTimeout);
        try
        {
            var output = ReadAsync(process.StandardOutput, onLine, limit.Token);
            var error = ReadAsync(process.StandardError, onLine, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new LabException(string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(' ', command)} did not end within {(timeout ?? DefaultTimeout).TotalSeconds:0} s"));
        }
    }

    /// <summary>Runs a program on this process's terminal and returns its exit code.</summary>
    public static async Task<int> RunInteractiveAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = Describe(command, null) };

        // The terminal sends Ctrl-C to the program as well: it decides what that means, and this process reports its exit code.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        Start(process);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>The last lines of a text, without the colours and cursor movements of a console.</summary>
    public static string Tail(string text, int lines)
    {
        var plain = ConsoleText.Plain(text).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join('\n', plain.TakeLast(lines).Select(line => "  " + line));
    }

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static ProcessStartInfo Describe(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment)
    {
        // Administrators' directories are missing from the path of many an unprivileged-looking root shell.
        var start = new ProcessStartInfo(Find(command[0]) ?? command[0], command.Skip(1)) { UseShellExecute = false };
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static void Start(Process process)
    {
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new LabException($"cannot run {process.StartInfo.FileName}: {error.Message}", error);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string>? onLine, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            text.Append(line).Append('\n');
            onLine?.Invoke(line);
        }

        return text.ToString();
    }
}
