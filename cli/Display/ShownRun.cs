using PostgresHa.Cli.Consequences;
using PostgresHa.Offline;
using PostgresHa.Specification;
using PostgresHa.StandIns;

namespace PostgresHa.Cli.Display;

/// <summary>The engine's runs as a person meets them: shown on the terminal, with an exit code.</summary>
internal static class ShownRun
{
    private const int Success = 0;
    private const int Failure = 1;

    /// <summary>Shows what <see cref="UpAsync"/> would do.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="cluster">The cluster of the program.</param>
    /// <param name="refused">Names of what must not happen (<see cref="RefusedKinds"/>).</param>
    /// <param name="json">As JSON instead of text.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The exit code: 0 when the program ran through, whether or not anything would change, and nothing is refused.</returns>
    public static async Task<int> PreviewAsync(
        OfflineEngine engine, ClusterSpecification cluster, IReadOnlyCollection<string> refused, bool json, CancellationToken stop)
    {
        using var progress = new ProgressDisplay(json ? Terminal.Errors : Terminal.Output);
        var report = await engine.PreviewAsync(progress, stop);
        if (!report.IsWhole)
        {
            return Failure;
        }

        var consequences = ConsequenceSummary.Of(report.Steps, cluster);
        if (json)
        {
            Console.WriteLine(PreviewJson.Write(engine.Settings.Stack, report.Steps, consequences));
        }
        else
        {
            new PreviewDisplay(Terminal.Output).Show($"Preview of stack {engine.Settings.Stack}", report.Steps);
            new ConsequenceDisplay(Terminal.Output).Show(consequences);
        }

        return IsRefused("up would be refused", consequences, refused) || !report.Succeeded ? Failure : Success;
    }

    /// <summary>Whether applying the program would bring about what must not happen; says so. Nothing is touched.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="cluster">The cluster of the program.</param>
    /// <param name="refused">Names of what must not happen (<see cref="RefusedKinds"/>).</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>True also when that cannot be found out, which is said as well.</returns>
    public static async Task<bool> IsRefusedAsync(
        OfflineEngine engine, ClusterSpecification cluster, IReadOnlyCollection<string> refused, CancellationToken stop)
    {
        RunReport report;
        using (var progress = new ProgressDisplay(Terminal.Errors))
        {
            report = await engine.PreviewAsync(progress, stop);
        }

        return !report.IsWhole || !report.Succeeded
            || IsRefused("up is refused, and nothing was touched", ConsequenceSummary.Of(report.Steps, cluster), refused);
    }

    /// <summary>Applies the program, showing progress, then outputs and where the time went.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="lost">Names of hosts that are gone for good.</param>
    /// <param name="stop">Begins nothing new once cancelled.</param>
    /// <returns>The exit code: 0 when everything is as the program says.</returns>
    public static Task<int> UpAsync(OfflineEngine engine, IReadOnlyCollection<string> lost, CancellationToken stop) =>
        RunAsync(engine, progress => engine.UpAsync(progress, lost, stop));

    /// <summary>Shows what <see cref="DestroyAsync"/> would remove; gives how many resources that are.</summary>
    public static async Task<int> PreviewDestroyAsync(OfflineEngine engine)
    {
        var steps = await engine.PreviewDestroyAsync();
        new PreviewDisplay(Terminal.Output).Show($"Destroying stack {engine.Settings.Stack} would remove", steps, files: false);
        return steps.Count(static step => step.IsCustom);
    }

    /// <summary>Removes everything the stack made, showing progress.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="stop">Begins nothing new once cancelled.</param>
    /// <returns>The exit code: 0 when nothing is left.</returns>
    public static Task<int> DestroyAsync(OfflineEngine engine, CancellationToken stop) =>
        RunAsync(engine, progress => engine.DestroyAsync(progress, stop));

    /// <summary>Shows the outputs that the last run recorded.</summary>
    /// <param name="stack">Name of the stack.</param>
    /// <param name="outputs">All of them, by name.</param>
    /// <param name="name">Only this one, bare; null for all.</param>
    /// <param name="showSecrets">Secrets in plain text.</param>
    /// <param name="json">As JSON.</param>
    /// <returns>The exit code: 1 when there is no such output.</returns>
    public static int Outputs(string stack, IReadOnlyDictionary<string, PropertyValue> outputs, string? name, bool showSecrets, bool json)
    {
        if (name is not null)
        {
            if (!outputs.TryGetValue(name, out var value))
            {
                Terminal.Errors.Line($"Stack {stack} has no output {name}.");
                return Failure;
            }

            outputs = new Dictionary<string, PropertyValue> { [name] = value };
            if (!json && value.Entries.Count == 0)
            {
                var shown = (showSecrets ? value.WithSecret(false) : value).ToString();
                // Another program gets it as it is.
                Console.WriteLine(Console.IsOutputRedirected ? shown : Visible.Of(shown));
                return Success;
            }
        }

        if (json)
        {
            Console.WriteLine(PreviewJson.Write(outputs, showSecrets));
        }
        else
        {
            new RunSummary(Terminal.Output).ShowOutputs(outputs, showSecrets);
        }

        return Success;
    }

    private static bool IsRefused(string what, ConsequenceSummary consequences, IReadOnlyCollection<string> refused)
    {
        var reasons = RefusedKinds.Reasons(consequences, refused);
        if (reasons.Count == 0)
        {
            return false;
        }

        Terminal.Errors.Line($"pgha: {what} (--refuse {string.Join(',', refused)}):", "red");
        foreach (var reason in reasons)
        {
            Terminal.Errors.Line("  " + reason);
        }

        return true;
    }

    private static async Task<int> RunAsync(OfflineEngine engine, Func<IRunObserver, Task<RunReport>> run)
    {
        RunReport report;
        using (var progress = new ProgressDisplay(Terminal.Output))
        {
            report = await run(progress);
        }

        var summary = new RunSummary(Terminal.Output);
        if (report is { Succeeded: true, Outputs.Count: > 0 })
        {
            Terminal.Output.Line();
            Terminal.Output.Line("Outputs:", "bold");
            summary.ShowOutputs(report.Outputs, showSecrets: false);
        }

        summary.Show(engine.Settings.Stack, report);
        return report.Succeeded ? Success : Failure;
    }
}
