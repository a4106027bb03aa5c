using System.Diagnostics;
using System.Text;

namespace PostgresHa.EndToEnd.Support;

/// <summary>What a command said.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Duration">How long it took.</param>
public sealed record Answer(int Code, string Output, string Error, TimeSpan Duration)
{
    public string All => Output + Error;

    /// <summary>Fails the test with everything the command said, unless it succeeded.</summary>
    public Answer Succeeded(string what)
    {
        Assert.True(Code == 0, $"{what} ended with {Code} after {Duration.TotalSeconds:0.0} s:\n{Output}\n{Error}");
        return this;
    }
}

/// <summary>Runs <c>./pgha</c> on the test's own copy of the project. Everything it says is kept, for the search for secrets.</summary>
public sealed class Pgha(string root, string project)
{
    private readonly StringBuilder _said = new();
    private readonly Lock _only = new();

    /// <summary>Everything every command said so far, except what was asked to be secret.</summary>
    public string Said
    {
        get
        {
            lock (_only)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public Answer Run(TimeSpan limit, string? input, bool secret, params IReadOnlyList<string> arguments)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.Write(input);
        }

        process.StandardInput.Close();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"pgha {string.Join(' ', arguments)} was not done after {limit.TotalSeconds:0} s:\n{Take(output)}\n{Take(error)}");
        }

        // What it started may hold the pipes for a moment longer, but not for ever.
        Task.WaitAll([output, error], TimeSpan.FromSeconds(10));
        var answer = new Answer(process.ExitCode, Take(output), Take(error), Stopwatch.GetElapsedTime(started));
        if (!secret)
        {
            lock (_only)
            {
                _said.Append(answer.Output).Append(answer.Error);
            }
        }

        return answer;

        static string Take(Task<string> text) => text.IsCompletedSuccessfully ? text.Result : "(output not closed)";
    }

    public Answer Run(params IReadOnlyList<string> arguments) => Run(TimeSpan.FromMinutes(5), null, secret: false, arguments);

    /// <summary>A shell command on a host, as root.</summary>
    public Answer OnHost(string host, string script, string? input = null) =>
        Run(TimeSpan.FromMinutes(2), input, secret: true, "lab", "ssh", host, "sudo", "-n", "sh", "-c", Quote(script));

    /// <summary>Starts a command and leaves it running.</summary>
    public Process Start(IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(Path.Combine(root, "pgha"), arguments)
        {
            WorkingDirectory = project,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        info.Environment.Remove("PULUMI_CONFIG_PASSPHRASE_FILE");
        info.Environment["NO_COLOR"] = "1";
        return Process.Start(info)!;
    }

    // ssh joins the words with spaces and hands them to the login shell.
    private static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
