using System.Collections.Concurrent;
using System.Diagnostics;
using PostgresHa.StandIns;
using Pulumi;

namespace PostgresHa.Offline;

/// <summary>One preview or one application of the program: decides each resource's step and carries it out.</summary>
internal sealed class EngineRun : IResourceEngine
{
    private const string StackType = "pulumi:pulumi:Stack";

    private static readonly Dictionary<string, IResourceProvider> Providers = new(StringComparer.Ordinal)
    {
        [CommandProvider.Type] = new CommandProvider(),
        [RandomPasswordProvider.Type] = new RandomPasswordProvider(),
    };

    private readonly StackSettings _settings;
    private readonly Task<StateStore> _store;
    private readonly IRunObserver _observer;
    private readonly RunLimits _limits;
    private readonly bool _dryRun;
    private readonly ConcurrentDictionary<string, Step> _steps = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<StepResult> _results = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private volatile bool _aborted;

    internal EngineRun(StackSettings settings, Task<StateStore> store, IRunObserver observer, RunLimits limits, bool dryRun)
    {
        _settings = settings;
        _store = store;
        _observer = observer;
        _limits = limits;
        _dryRun = dryRun;
    }

    internal SshClient Ssh { get; } = new();

    internal SecretMask Mask { get; } = new();

    internal bool HasErrors { get; private set; }

    internal TimeSpan Elapsed => _clock.Elapsed;

    internal IReadOnlyCollection<StepResult> Results => _results;

    internal IReadOnlyCollection<Step> Steps => (IReadOnlyCollection<Step>)_steps.Values;

    internal PropertyValue StackOutputs { get; private set; } = PropertyValue.Empty;

    public void Abort() => _aborted = true;

    public void Log(MessageSeverity severity, string message, Resource? resource)
    {
        HasErrors |= severity == MessageSeverity.Error;
        var text = resource is null ? message : $"{resource.GetResourceName()}: {message}";
        _observer.OnMessage(severity, Mask.Apply(severity == MessageSeverity.Warning ? "warning: " + text : text));
    }

    public async Task RegisterOutputsAsync(string urn, PropertyValue outputs)
    {
        var store = await StoreAsync().ConfigureAwait(false);
        var isStack = Urns.Type(urn) == StackType;
        if (isStack)
        {
            StackOutputs = outputs;
            Mask.Add(outputs.SecretTexts());
        }

        if (!_dryRun && store.Read(state => !Same(isStack ? state.Outputs : state.Resources.GetValueOrDefault(urn)?.Outputs, outputs)))
        {
            await store.ChangeAsync(state =>
            {
                if (isStack)
                {
                    state.Outputs = outputs;
                }
                else if (state.Resources.TryGetValue(urn, out var resource))
                {
                    resource.Outputs = outputs;
                }
            }).ConfigureAwait(false);
        }
    }

    public void Skip(string type, string name, int sequence, string? parentUrn)
    {
        var urn = Urns.Create(_settings.Stack, _settings.Project, parentUrn, type, name);
        var step = new Step { Operation = StepOperation.Create, Urn = urn, Parent = parentUrn, IsCustom = true, Sequence = sequence };
        if (_steps.TryAdd(urn, step))
        {
            End(new StepResult(step, StepStatus.Skipped, Elapsed, Elapsed, null, null));
        }
    }

    public async Task<RegistrationResult> RegisterAsync(ResourceRegistration registration)
    {
        var store = await StoreAsync().ConfigureAwait(false);
        var urn = Urns.Create(_settings.Stack, _settings.Project, registration.ParentUrn, registration.Type, registration.Name);
        Mask.Add(CommandProvider.Secrets(registration.Inputs));
        var old = store.Read(state => Find(state, urn, registration));
        if (registration.IsCustom && !Providers.ContainsKey(registration.Type))
        {
            Log(MessageSeverity.Error, $"{registration.Name}: the offline engine knows no resources of type {registration.Type}; use Pulumi.", null);
            throw new ResourceFailedException(registration.Name);
        }

        var provider = registration.IsCustom ? Providers[registration.Type] : ComponentProvider.Instance;
        var pending = store.Read(state => state.Pending.GetValueOrDefault(old?.Urn ?? urn));
        var step = new StepPlanner(registration, urn, old, pending).Plan(provider);
        if (!_steps.TryAdd(urn, step))
        {
            Log(MessageSeverity.Error, $"{registration.Type} {registration.Name} is declared twice (same URN {urn}).", null);
            throw new ResourceFailedException(registration.Name);
        }

        if (_aborted || _limits.Stop.IsCancellationRequested)
        {
            End(new StepResult(step, StepStatus.Skipped, Elapsed, Elapsed, null, null));
            throw new ResourceFailedException(registration.Name);
        }

        if (registration.IsCustom && _dryRun)
        {
            var outputs = step.Operation == StepOperation.Same ? old!.Outputs : provider.Preview(registration.Inputs);
            return new RegistrationResult(urn, old?.Id, WithSecrets(outputs, registration));
        }

        var made = !registration.IsCustom ? null
            : step.Operation == StepOperation.Same ? new Made(old!.Id ?? string.Empty, old.Outputs)
            : await CarryOutAsync(store, provider, step, registration, old).ConfigureAwait(false);
        if (!_dryRun)
        {
            await RecordAsync(store, step, registration, old, made).ConfigureAwait(false);
        }

        return new RegistrationResult(urn, made?.Id, WithSecrets(made?.Outputs ?? PropertyValue.Empty, registration));
    }

    /// <summary>Runs one step on its provider, timed and reported.</summary>
    internal async Task<T> RunStepAsync<T>(StateStore store, Step step, Func<StepContext, Task<T>> run)
    {
        // On disk before anything happens on the host: whoever comes after a crash knows what may be half done.
        await store.ChangeAsync(state => state.Pending[step.Urn] = step.Operation.ToString()).ConfigureAwait(false);
        var started = Elapsed;
        _observer.OnStarted(step, started);
        string? lastLine = null;
        var context = new StepContext(
            Ssh,
            line =>
            {
                lastLine = Mask.Apply(line);
                _observer.OnOutput(step, lastLine);
            },
            _limits.Kill);
        try
        {
            var made = await run(context).ConfigureAwait(false);
            End(new StepResult(step, StepStatus.Done, started, Elapsed, lastLine, null));
            return made;
        }
        catch (Exception error) when (error is StepException or SshException or OperationCanceledException)
        {
            var message = error is OperationCanceledException ? "ended by the user; how far it came is not known" : Mask.Apply(error.Message);
            // A create that failed left nothing to be known of; anything else must be run again even if its inputs are changed back.
            if (step.Operation == StepOperation.Create && error is StepException)
            {
                await store.ChangeAsync(state => state.Pending.Remove(step.Urn)).ConfigureAwait(false);
            }

            End(new StepResult(step, StepStatus.Failed, started, Elapsed, lastLine, message));
            throw new ResourceFailedException(step.Name, error);
        }
    }

    internal static IResourceProvider ProviderOf(ResourceState resource) =>
        Providers.TryGetValue(resource.Type, out var provider) ? provider : ComponentProvider.Instance;

    private static ResourceState? Find(StackState state, string urn, ResourceRegistration registration) =>
        state.Resources.GetValueOrDefault(urn)
        ?? registration.Aliases.Select(alias => state.Resources.GetValueOrDefault(alias)).FirstOrDefault(found => found is not null);

    private static bool Same(PropertyValue? left, PropertyValue right) =>
        left is not null && left.Equals(right) && left.HasSecret == right.HasSecret;

    private static PropertyValue WithSecrets(PropertyValue outputs, ResourceRegistration registration) =>
        registration.Options is not { AdditionalSecretOutputs: { Count: > 0 } names } ? outputs : PropertyValue.Of(
            outputs.Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.WithSecret(entry.Value.IsSecret || names.Contains(entry.Key)))));

    private async Task<StateStore> StoreAsync()
    {
        try
        {
            return await _store.ConfigureAwait(false);
        }
        catch (EngineException error)
        {
            // Told once, by whoever started the run.
            throw new ResourceFailedException("state", error);
        }
    }

    private void End(StepResult result)
    {
        HasErrors |= result.Status != StepStatus.Done;
        _results.Add(result);
        _observer.OnEnded(result);
    }

    private async Task<Made> CarryOutAsync(
        StateStore store, IResourceProvider provider, Step step, ResourceRegistration registration, ResourceState? old)
    {
        var made = await RunStepAsync(store, step, async context =>
        {
            if (step.Operation == StepOperation.Update)
            {
                return new Made(old!.Id ?? string.Empty, await provider.UpdateAsync(old, registration.Inputs, context).ConfigureAwait(false));
            }

            if (step.Operation == StepOperation.Replace && registration.Options?.DeleteBeforeReplace == true)
            {
                await provider.DeleteAsync(old!, context).ConfigureAwait(false);
            }

            return await provider.CreateAsync(registration.Name, registration.Inputs, context).ConfigureAwait(false);
        }).ConfigureAwait(false);
        var outputs = WithSecrets(made.Outputs, registration);
        Mask.Add(CommandProvider.Secrets(outputs));
        return made with { Outputs = outputs };
    }

    private static async Task RecordAsync(StateStore store, Step step, ResourceRegistration registration, ResourceState? old, Made? made)
    {
        var inputs = registration.IsCustom ? registration.Inputs : PropertyValue.Empty;
        var outputs = made?.Outputs ?? old?.Outputs ?? PropertyValue.Empty;
        if (step.Operation == StepOperation.Same && old is not null && old.Urn == step.Urn && old.Parent == registration.ParentUrn
            && old.Sequence == registration.Sequence && old.Protect == registration.Protect
            && old.RetainOnDelete == (registration.Options?.RetainOnDelete ?? false)
            && old.Inputs.HasSecret == inputs.HasSecret
            && old.Dependencies.Count == registration.Dependencies.Count && !old.Dependencies.Except(registration.Dependencies).Any())
        {
            return;
        }

        var written = store.ChangeAsync(state =>
        {
            if (old is not null)
            {
                state.Resources.Remove(old.Urn);
                state.Pending.Remove(old.Urn);
            }

            if (step.Operation == StepOperation.Replace && registration.Options?.DeleteBeforeReplace != true)
            {
                old!.Condemned = true;
                state.Condemned.Add(old);
            }

            state.Pending.Remove(step.Urn);
            state.Resources[step.Urn] = new ResourceState
            {
                Urn = step.Urn,
                IsCustom = registration.IsCustom,
                Id = made?.Id,
                Parent = registration.ParentUrn,
                Sequence = registration.Sequence,
                Protect = registration.Protect,
                RetainOnDelete = registration.Options?.RetainOnDelete ?? false,
                Inputs = inputs,
                Outputs = outputs,
                Dependencies = registration.Dependencies,
            };
        });
        // What was not done on a host need not be on disk before others go on.
        if (step.Operation != StepOperation.Same && registration.IsCustom)
        {
            await written.ConfigureAwait(false);
        }
    }
}
