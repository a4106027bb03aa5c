using System.Diagnostics;

namespace PostgresHa.Cli;

/// <summary>Other programs, run on this terminal or for their answer.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program on this terminal.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> command, string directory, IReadOnlyList<(string Name, string Value)> environment,
        CancellationToken cancellation)
    {
        using var process = Start(command, directory, environment, redirect: false);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C reached it as well; it is given the time to end properly, since only it knows what it has begun.
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>Runs a program for its answer, within a limit.</summary>
    /// <returns>Exit code, standard output and standard error; null as the code when the limit ended it.</returns>
    public static async Task<(int? Code, string Output, string Error)> AskAsync(
        IReadOnlyList<string> command,
        string directory,
        IReadOnlyList<(string Name, string Value)> environment,
        TimeSpan limit,
        CancellationToken cancellation)
    {
        using var process = Start(command, directory, environment, redirect: true);
        process.StandardInput.Close();
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(bounded.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return (null, "", "");
        }

        return (process.ExitCode, await output, await error);
    }

    private static Process Start(
        IReadOnlyList<string> command, string directory, IReadOnlyList<(string Name, string Value)> environment, bool redirect)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = redirect,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
        };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new CommandException($"{command[0]} could not be started.");
    }
}
