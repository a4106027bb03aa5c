using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>What a run did, or what a preview found.</summary>
public sealed record RunReport
{
    /// <summary>Whether everything went well.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Whether all that was done is in the state. If not, the next run does some of it again.</summary>
    public required bool IsRecorded { get; init; }

    /// <summary>
    /// Whether the program ran through, so that <see cref="Steps"/> is all that is to be done, even if some of it is refused.
    /// </summary>
    public required bool IsWhole { get; init; }

    /// <summary>Every resource with its step, deletions included, in the program's order.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>The steps that were carried out, failed or were skipped; none for a preview.</summary>
    public required IReadOnlyList<StepResult> Results { get; init; }

    /// <summary>The stack's outputs by name.</summary>
    public required IReadOnlyDictionary<string, PropertyValue> Outputs { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }
}

/// <summary>Applies a Pulumi program, compiled against the stand-ins, to hosts reached by SSH.</summary>
/// <param name="settings">The stack.</param>
/// <param name="program">Runs the program, <c>() => Deployment.RunAsync&lt;TheStack&gt;()</c>; gives its exit code.</param>
public sealed class OfflineEngine(StackSettings settings, Func<Task<int>> program)
{
    /// <summary>The stack.</summary>
    public StackSettings Settings { get; } = settings;

    /// <summary>Finds what <c>UpAsync</c> would do. Connects to no host.</summary>
    /// <exception cref="EngineException">State or configuration cannot be read.</exception>
    public async Task<RunReport> PreviewAsync(IRunObserver observer, CancellationToken stop = default)
    {
        var ciphers = new Ciphers(Settings);
        var loading = StateStore.LoadAsync(Settings, ciphers, readOnly: true);
        var run = new EngineRun(Settings, loading, observer, new RunLimits(stop, stop), dryRun: true);
        await using var ssh = run.Ssh;
        var exit = await RunProgramAsync(run, ciphers, dryRun: true);
        var store = await loading;
        var isWhole = exit == 0 && run.Results.Count == 0;
        var unwanted = isWhole ? store.Read(state => Deletions.Unwanted(state, run.Kept)) : [];
        var refusal = Deletions.Refusal(unwanted);
        if (refusal is not null)
        {
            observer.OnMessage(MessageSeverity.Error, refusal);
        }

        return Report(run, isWhole && !run.HasErrors && refusal is null, unwanted.Select(Deletions.StepFor)) with { IsWhole = isWhole };
    }

    /// <summary>The same, where no host is lost.</summary>
    /// <param name="observer">Told what happens.</param>
    /// <param name="stop">Begins nothing new once cancelled; a further Ctrl-C ends what runs.</param>
    /// <exception cref="EngineException">State or configuration cannot be read, or another run holds the stack.</exception>
    public Task<RunReport> UpAsync(IRunObserver observer, CancellationToken stop = default) => UpAsync(observer, [], stop);

    /// <summary>Applies the program. What was done is recorded at once, so whatever ends it, the next run goes on from there.</summary>
    /// <param name="observer">Told what happens.</param>
    /// <param name="lost">
    /// Hosts that are gone for good and no longer in the program, by the ends of their resources' names: what was made there is forgotten,
    /// not removed.
    /// </param>
    /// <param name="stop">Begins nothing new once cancelled; a further Ctrl-C ends what runs.</param>
    /// <exception cref="EngineException">State or configuration cannot be read, or another run holds the stack.</exception>
    public Task<RunReport> UpAsync(IRunObserver observer, IReadOnlyCollection<string> lost, CancellationToken stop = default) =>
        LockedAsync("up", observer, async (ciphers, loading, limits) =>
        {
            var run = new EngineRun(Settings, loading, observer, limits, dryRun: false);
            await using var ssh = run.Ssh;
            var exit = await RunProgramAsync(run, ciphers, dryRun: false);
            var store = await loading;
            var succeeded = exit == 0 && !run.HasErrors;
            IReadOnlyList<ResourceState> unwanted = [];
            if (succeeded)
            {
                unwanted = store.Read(state => Deletions.Unwanted(state, run.Kept));
                succeeded = await new Deletions(run, observer, limits, lost).RunAsync(unwanted) && !run.HasErrors;
                if (succeeded && store.Read(state => state.Pending.Keys.ToList()) is { Count: > 0 } orphans)
                {
                    // Of resources that are no longer in the program and never came into being.
                    _ = store.ChangeAsync(state => orphans.ForEach(state.End));
                }
            }

            succeeded &= await run.State.FlushAsync();
            return Report(run, succeeded, unwanted.Select(Deletions.StepFor));
        }, stop);

    /// <summary>Removes everything that the state knows of, dependents first. What fails stays recorded.</summary>
    /// <param name="observer">Told what happens.</param>
    /// <param name="stop">Begins nothing new once cancelled; a further Ctrl-C ends what runs.</param>
    /// <exception cref="EngineException">The state cannot be read, or another run holds the stack.</exception>
    public Task<RunReport> DestroyAsync(IRunObserver observer, CancellationToken stop = default) =>
        LockedAsync("destroy", observer, async (_, loading, limits) =>
        {
            var run = new EngineRun(Settings, loading, observer, limits, dryRun: false);
            await using var ssh = run.Ssh;
            var store = await loading;
            var all = store.Read(state => Deletions.Unwanted(state, []));
            var succeeded = await new Deletions(run, observer, limits).RunAsync(all);
            succeeded &= await run.State.FlushAsync();
            if (succeeded)
            {
                store.Remove();
            }

            return Report(run, succeeded, all.Select(Deletions.StepFor));
        }, stop);

    /// <summary>
    /// Has the next run do resources again though nothing of them changed, as after a run that was cut off: what they found on their hosts
    /// is about to be changed by something else.
    /// </summary>
    /// <param name="operation">What changes it, as a verb.</param>
    /// <param name="isMeant">Whether a resource is one of them, by its name.</param>
    /// <exception cref="EngineException">The state cannot be read or written, or another run holds the stack.</exception>
    public async Task RedoAsync(string operation, Func<string, bool> isMeant)
    {
        StateFiles.PrepareDirectory(Settings.StatePath);
        using var locked = StateLock.Take(Settings.StatePath, operation);
        var store = await StateStore.LoadAsync(Settings, new Ciphers(Settings), readOnly: false);
        var meant = store.Read(state => state.Resources.Values.Where(resource => resource.IsCustom && isMeant(resource.Name)).ToList());
        await store.ChangeAsync(state => meant.ForEach(resource => state.Begin(resource.Urn, operation)));
        await store.FlushAsync();
    }

    /// <summary>What <see cref="DestroyAsync"/> would remove, in the program's order.</summary>
    /// <exception cref="EngineException">The state cannot be read.</exception>
    public async Task<IReadOnlyList<Step>> PreviewDestroyAsync()
    {
        var store = await StateStore.LoadAsync(Settings, new Ciphers(Settings), readOnly: true);
        return [.. store.Read(state => Deletions.Unwanted(state, [])).OrderBy(resource => resource.Sequence).Select(Deletions.StepFor)];
    }

    /// <summary>The stack's outputs as the last run recorded them, by name.</summary>
    /// <exception cref="EngineException">The state cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, PropertyValue>> OutputsAsync()
    {
        var store = await StateStore.LoadAsync(Settings, new Ciphers(Settings), readOnly: true);
        return store.Read(state => state.Outputs.Entries);
    }

    /// <summary>
    /// An output that is a mapping of texts, as the last run recorded it; null where there is none. Takes no passphrase, so it knows no
    /// secret.
    /// </summary>
    /// <param name="settings">The stack.</param>
    /// <param name="name">Name of the output.</param>
    /// <exception cref="EngineException">The state cannot be read, or is another stack's.</exception>
    public static IReadOnlyDictionary<string, string>? PlainOutput(StackSettings settings, string name)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return StateFiles.Read(settings.StatePath, readOnly: true).PlainOutput(settings, name);
    }

    private async Task<RunReport> LockedAsync(
        string operation, IRunObserver observer, Func<Ciphers, Task<StateStore>, RunLimits, Task<RunReport>> run, CancellationToken stop)
    {
        using var interruption = new Interruption(observer, stop);
        StateFiles.PrepareDirectory(Settings.StatePath);
        using var locked = StateLock.Take(Settings.StatePath, operation);
        var ciphers = new Ciphers(Settings);
        return await run(ciphers, StateStore.LoadAsync(Settings, ciphers, readOnly: false), interruption.Limits);
    }

    private async Task<int> RunProgramAsync(EngineRun run, Ciphers ciphers, bool dryRun)
    {
        var configuration = await ciphers.ConfigurationAsync();
        run.Mask.Add(Settings.Configuration
            .Where(entry => entry.Value.IsSecret || entry.Value.Secure is not null)
            .Select(entry => configuration[entry.Key]));
        return await new EngineSession
        {
            Engine = run,
            Project = Settings.Project,
            Stack = Settings.Stack,
            IsDryRun = dryRun,
            Configuration = configuration,
        }.RunAsync(program);
    }

    private static RunReport Report(EngineRun run, bool succeeded, IEnumerable<Step> deletions) => new()
    {
        Succeeded = succeeded,
        IsWhole = succeeded,
        IsRecorded = run.State.IsRecorded,
        Steps = [.. run.Steps.Concat(deletions).OrderBy(step => step.Sequence)],
        Results = [.. run.Results.OrderBy(result => result.Ended)],
        Outputs = run.StackOutputs.Entries,
        Elapsed = run.Elapsed,
    };
}
