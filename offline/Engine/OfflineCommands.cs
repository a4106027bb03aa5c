namespace PostgresHa.Offline;

/// <summary>The engine's commands as a person meets them: run, shown on the console, with an exit code.</summary>
public static class OfflineCommands
{
    private const int Success = 0;
    private const int Failure = 1;

    /// <summary>Shows what <see cref="UpAsync"/> would do.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="json">As JSON instead of text.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The exit code: 0 when the program ran through, whether or not anything would change.</returns>
    public static async Task<int> PreviewAsync(OfflineEngine engine, bool json = false, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var paint = Paint.ForConsole();
        using var progress = new ProgressDisplay(json ? new Paint(Console.Error, false) : paint);
        var report = await engine.PreviewAsync(progress, stop).ConfigureAwait(false);
        if (!report.IsWhole)
        {
            return Failure;
        }

        if (json)
        {
            Console.WriteLine(PreviewJson.Write(engine.Settings.Stack, report.Steps));
        }
        else
        {
            new PreviewDisplay(paint).Show($"Preview of stack {engine.Settings.Stack}", report.Steps);
        }

        return report.Succeeded ? Success : Failure;
    }

    /// <summary>Applies the program, showing progress, then outputs and where the time went.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="stop">Begins nothing new once cancelled.</param>
    /// <returns>The exit code: 0 when everything is as the program says.</returns>
    public static async Task<int> UpAsync(OfflineEngine engine, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var paint = Paint.ForConsole();
        RunReport report;
        using (var progress = new ProgressDisplay(paint))
        {
            report = await engine.UpAsync(progress, stop).ConfigureAwait(false);
        }

        var summary = new RunSummary(paint);
        if (report.Succeeded)
        {
            paint.Line();
            paint.Line("Outputs:", '*');
            summary.ShowOutputs(report.Outputs, showSecrets: false);
        }

        summary.Show(engine.Settings.Stack, report);
        return report.Succeeded ? Success : Failure;
    }

    /// <summary>Shows what <see cref="DestroyAsync"/> would remove; gives how many resources that are.</summary>
    /// <param name="engine">The engine.</param>
    public static async Task<int> PreviewDestroyAsync(OfflineEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var steps = await engine.PreviewDestroyAsync().ConfigureAwait(false);
        new PreviewDisplay(Paint.ForConsole()).Show($"Destroying stack {engine.Settings.Stack} would remove", steps, files: false);
        return steps.Count(step => step.IsCustom);
    }

    /// <summary>Removes everything the stack made, showing progress.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="stop">Begins nothing new once cancelled.</param>
    /// <returns>The exit code: 0 when nothing is left.</returns>
    public static async Task<int> DestroyAsync(OfflineEngine engine, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var paint = Paint.ForConsole();
        RunReport report;
        using (var progress = new ProgressDisplay(paint))
        {
            report = await engine.DestroyAsync(progress, stop).ConfigureAwait(false);
        }

        new RunSummary(paint).Show(engine.Settings.Stack, report);
        return report.Succeeded ? Success : Failure;
    }

    /// <summary>Shows the outputs that the last run recorded.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="name">Only this one, bare; null for all.</param>
    /// <param name="showSecrets">Secrets in plain text.</param>
    /// <param name="json">As JSON.</param>
    /// <returns>The exit code: 1 when there is no such output.</returns>
    public static async Task<int> OutputsAsync(OfflineEngine engine, string? name = null, bool showSecrets = false, bool json = false)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var outputs = await engine.OutputsAsync().ConfigureAwait(false);
        if (name is not null)
        {
            if (!outputs.TryGetValue(name, out var value))
            {
                Console.Error.WriteLine(Visible.Of($"Stack {engine.Settings.Stack} has no output {name}."));
                return Failure;
            }

            outputs = new Dictionary<string, StandIns.PropertyValue> { [name] = value };
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
            new RunSummary(Paint.ForConsole()).ShowOutputs(outputs, showSecrets);
        }

        return Success;
    }
}
