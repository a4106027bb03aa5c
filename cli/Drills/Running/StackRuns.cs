using System.Diagnostics;
using System.Text.RegularExpressions;
using PostgresHa.Lab;

namespace PostgresHa.Cli.Drills;

/// <summary>What a run of this program on the stack came to.</summary>
/// <param name="Code">Exit code; null when it did not end within its limit.</param>
/// <param name="Text">What it said.</param>
/// <param name="Duration">How long it took.</param>
internal sealed partial record StackRun(int? Code, string Text, TimeSpan Duration)
{
    /// <summary>Whether it succeeded.</summary>
    public bool Succeeded => Code == 0;

    /// <summary>Whether it was an <c>up</c> that found nothing to do.</summary>
    public bool ChangedNothing => Succeeded && OnlyUnchanged().IsMatch(Text);

    /// <summary>How it ended: with what failed first, or else with the end of what it said.</summary>
    public string End
    {
        get
        {
            var lines = Lines();
            var failed = Array.FindIndex(lines, static line => Failed().IsMatch(line));
            return (Code is { } code ? $"ended with {code}" : "did not end") + $" after {Duration.TotalSeconds:0} s: "
                + string.Join(" / ", failed < 0 ? lines.TakeLast(4) : lines.Skip(failed).Take(4));
        }
    }

    /// <summary>The first line that says why it failed; a heading with the line below it.</summary>
    public string Reason
    {
        get
        {
            var lines = Lines();
            var first = Math.Max(0, Array.FindIndex(lines, static line => line.Contains("error", StringComparison.OrdinalIgnoreCase)
                || line.StartsWith("pgha: ", StringComparison.Ordinal)));
            return string.Join(' ', lines.Skip(first).Take(lines.ElementAtOrDefault(first)?.EndsWith(':') == true ? 2 : 1));
        }
    }

    // What is said of every run, such as known holes of a version, is no part of how one ended.
    private string[] Lines() =>
    [
        .. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(static line => !line.StartsWith("warning: ", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"^\S+ failed after .*:$")]
    private static partial Regex Failed();

    [GeneratedRegex(@"^Stack \S+: \d+ unchanged in ", RegexOptions.Multiline)]
    private static partial Regex OnlyUnchanged();
}

/// <summary>Runs this program on the lab's stack as whoever changes it would: as a process of its own.</summary>
internal sealed class StackRuns(StackContext stack)
{
    // Longer than any change of hosts that have nothing to compile.
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HealthPoll = TimeSpan.FromSeconds(1);

    /// <summary>The project of the stack as its file says.</summary>
    public string Original => stack.Project.Directory;

    /// <summary>Writes the project with a change (<see cref="ChangedProject"/>).</summary>
    /// <remarks>Outside of the project: what walks through that would walk in a circle.</remarks>
    public string Changed(Action<System.Text.Json.Nodes.JsonObject> change) =>
        ChangedProject.Write(stack, "/run/" + stack.Specification.Ssh.NetworkNamespace, change);

    /// <summary>
    /// Applies a project. It is not ended with this process's work: Ctrl+C reaches it as well, and it alone knows what it has begun.
    /// </summary>
    public Task<StackRun> UpAsync(string project) => RunAsync(UpLimit, "up", project, CancellationToken.None);

    /// <summary>Previews a project.</summary>
    public Task<StackRun> PreviewAsync(string project, CancellationToken cancellation) =>
        RunAsync(QuestionLimit, "preview", project, cancellation);

    /// <summary>Waits until a project's cluster is healthy.</summary>
    /// <returns>Null when it became so; else its last state.</returns>
    public Task<string?> HealthyAsync(string project, TimeSpan limit, CancellationToken cancellation) => Wait.UntilAsync(
        async () => await RunAsync(QuestionLimit, "status", project, cancellation) is { Succeeded: false } answer ? answer.End : null,
        limit,
        HealthPoll,
        cancellation);

    private async Task<StackRun> RunAsync(TimeSpan limit, string command, string project, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var (code, output, error) = await ChildProcess.AskAsync(
            NamespaceEntry.Again(command, "--stack", stack.Stack, "--project", project),
            stack.Project.Directory,
            [("NO_COLOR", "1")],
            limit,
            cancellation);
        return new StackRun(code, output + error, Stopwatch.GetElapsedTime(began));
    }
}
