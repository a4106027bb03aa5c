using System.Runtime.InteropServices;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>What a run did, or what a preview found.</summary>
public sealed record RunReport
{
    /// <summary>Whether everything went well.</summary>
    public required bool Succeeded { get; init; }

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
    // How long running steps may go on after the user stopped the run; a build is the longest.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan SecondPress = TimeSpan.FromMilliseconds(300);

    /// <summary>The stack.</summary>
    public StackSettings Settings { get; } = settings;

    /// <summary>Finds what <see cref="UpAsync"/> would do. Connects to no host.</summary>
    /// <exception cref="EngineException">State or configuration cannot be read.</exception>
    public async Task<RunReport> PreviewAsync(IRunObserver observer, CancellationToken stop = default)
    {
        var ciphers = new Ciphers(Settings);
        var loading = StateStore.LoadAsync(Settings, ciphers, readOnly: true);
        var run = new EngineRun(Settings, loading, observer, new RunLimits(stop, stop), dryRun: true);
        await using var ssh = run.Ssh.ConfigureAwait(false);
        var exit = await RunProgramAsync(run, ciphers, dryRun: true).ConfigureAwait(false);
        var store = await loading.ConfigureAwait(false);
        var succeeded = exit == 0 && !run.HasErrors;
        var wanted = run.Steps.Select(step => step.Urn).ToHashSet(StringComparer.Ordinal);
        var unwanted = succeeded ? store.Read(state => Deletions.Unwanted(state, wanted)) : [];
        return Report(run, succeeded, unwanted.Select(Deletions.StepFor));
    }

    /// <summary>Applies the program. What was done is recorded at once, so whatever ends it, the next run goes on from there.</summary>
    /// <param name="observer">Told what happens.</param>
    /// <param name="stop">Begins nothing new once cancelled; a further Ctrl-C ends what runs.</param>
    /// <exception cref="EngineException">State or configuration cannot be read, or another run holds the stack.</exception>
    public Task<RunReport> UpAsync(IRunObserver observer, CancellationToken stop = default) => LockedAsync("up", observer, async (ciphers, loading, limits) =>
    {
        var run = new EngineRun(Settings, loading, observer, limits, dryRun: false);
        await using var ssh = run.Ssh.ConfigureAwait(false);
        var exit = await RunProgramAsync(run, ciphers, dryRun: false).ConfigureAwait(false);
        var store = await loading.ConfigureAwait(false);
        var succeeded = exit == 0 && !run.HasErrors;
        IReadOnlyList<ResourceState> unwanted = [];
        if (succeeded && !stop.IsCancellationRequested)
        {
            var wanted = run.Steps.Select(step => step.Urn).ToHashSet(StringComparer.Ordinal);
            unwanted = store.Read(state => Deletions.Unwanted(state, wanted));
            succeeded = await new Deletions(run, store, observer, limits).RunAsync(unwanted).ConfigureAwait(false) && !run.HasErrors;
            if (succeeded && store.Read(state => state.Pending.Count > 0))
            {
                // Of resources that are no longer in the program and never came into being.
                await store.ChangeAsync(state => state.Pending.Clear()).ConfigureAwait(false);
            }
        }

        await store.FlushAsync().ConfigureAwait(false);
        return Report(run, succeeded, unwanted.Select(Deletions.StepFor));
    }, stop);

    /// <summary>Removes everything that the state knows of, dependents first. What fails stays recorded.</summary>
    /// <param name="observer">Told what happens.</param>
    /// <param name="stop">Begins nothing new once cancelled; a further Ctrl-C ends what runs.</param>
    /// <exception cref="EngineException">The state cannot be read, or another run holds the stack.</exception>
    public Task<RunReport> DestroyAsync(IRunObserver observer, CancellationToken stop = default) => LockedAsync("destroy", observer, async (_, loading, limits) =>
    {
        var run = new EngineRun(Settings, loading, observer, limits, dryRun: false);
        await using var ssh = run.Ssh.ConfigureAwait(false);
        var store = await loading.ConfigureAwait(false);
        var all = store.Read(state => Deletions.Unwanted(state, []));
        var succeeded = await new Deletions(run, store, observer, limits).RunAsync(all).ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
        if (succeeded)
        {
            store.Remove();
        }

        return Report(run, succeeded, all.Select(Deletions.StepFor));
    }, stop);

    /// <summary>What <see cref="DestroyAsync"/> would remove, in the program's order.</summary>
    /// <exception cref="EngineException">The state cannot be read.</exception>
    public async Task<IReadOnlyList<Step>> PreviewDestroyAsync()
    {
        var store = await StateStore.LoadAsync(Settings, new Ciphers(Settings), readOnly: true).ConfigureAwait(false);
        return [.. store.Read(state => Deletions.Unwanted(state, [])).OrderBy(resource => resource.Sequence).Select(Deletions.StepFor)];
    }

    /// <summary>The stack's outputs as the last run recorded them, by name.</summary>
    /// <exception cref="EngineException">The state cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, PropertyValue>> OutputsAsync()
    {
        var store = await StateStore.LoadAsync(Settings, new Ciphers(Settings), readOnly: true).ConfigureAwait(false);
        return store.Read(state => state.Outputs.Entries);
    }

    private async Task<RunReport> LockedAsync(
        string operation, IRunObserver observer, Func<Ciphers, Task<StateStore>, RunLimits, Task<RunReport>> run, CancellationToken stop)
    {
        StateStore.PrepareDirectory(Settings);
        using var locked = StateLock.Take(Settings.StatePath, operation);
        using var kill = new CancellationTokenSource();
        var stopped = new System.Diagnostics.Stopwatch();
        using var ends = stop.Register(() =>
        {
            stopped.Start();
            observer.OnMessage(MessageSeverity.Warning, "Stopping: what runs on the hosts is let finish. Ctrl-C once more ends it at once.");
            kill.CancelAfter(Patience);
        });
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            // The first Ctrl-C, which somebody else turns into `stop`, arrives here too, before or after that.
            if (stopped.Elapsed > SecondPress)
            {
                kill.Cancel();
            }
        });
        var ciphers = new Ciphers(Settings);
        return await run(ciphers, StateStore.LoadAsync(Settings, ciphers, readOnly: false), new RunLimits(stop, kill.Token)).ConfigureAwait(false);
    }

    private async Task<int> RunProgramAsync(EngineRun run, Ciphers ciphers, bool dryRun)
    {
        var configuration = await ciphers.ConfigurationAsync().ConfigureAwait(false);
        run.Mask.Add(Settings.Configuration
            .Where(entry => entry.Value.IsSecret || entry.Value.Secure is not null)
            .Select(entry => configuration[entry.Key]));
        return await new EngineSession
        {
            Engine = run,
            Project = Settings.Project,
            Stack = Settings.Stack,
            RootDirectory = Settings.ProjectDirectory,
            IsDryRun = dryRun,
            Configuration = configuration,
        }.RunAsync(program).ConfigureAwait(false);
    }

    private static RunReport Report(EngineRun run, bool succeeded, IEnumerable<Step> deletions) => new()
    {
        Succeeded = succeeded,
        Steps = [.. run.Steps.Concat(deletions).OrderBy(step => step.Sequence)],
        Results = [.. run.Results.OrderBy(result => result.Ended)],
        Outputs = run.StackOutputs.Entries,
        Elapsed = run.Elapsed,
    };
}
