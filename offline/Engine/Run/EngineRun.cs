using System.Collections.Concurrent;
using System.Diagnostics;
using PostgresHa.StandIns;
using Pulumi;

namespace PostgresHa.Offline;

/// <summary>One preview or one application of the program: decides each resource's step and carries it out.</summary>
internal sealed class EngineRun : IResourceEngine
{
    private const string StackType = "pulumi:pulumi:Stack";

    private readonly StackSettings _settings;
    private readonly IRunObserver _observer;
    private readonly RunLimits _limits;
    private readonly bool _dryRun;
    private readonly OldResources _olds;
    private readonly ConcurrentDictionary<string, Step> _steps = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<StepResult> _results = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private volatile bool _aborted;

    internal EngineRun(StackSettings settings, Task<StateStore> store, IRunObserver observer, RunLimits limits, bool dryRun)
    {
        _settings = settings;
        State = new RunState(store, Mask, message =>
        {
            // What was done could not be recorded: nothing new is begun.
            _aborted = true;
            Log(MessageSeverity.Error, message, null);
        });
        _observer = observer;
        _limits = limits;
        _dryRun = dryRun;
        _olds = new OldResources(settings.Stack, settings.Project);
    }

    internal SshClient Ssh { get; } = new();

    internal SecretMask Mask { get; } = new();

    internal RunState State { get; }

    internal bool HasErrors { get; private set; }

    internal TimeSpan Elapsed => _clock.Elapsed;

    internal IReadOnlyCollection<StepResult> Results => _results;

    internal IReadOnlyCollection<Step> Steps => (IReadOnlyCollection<Step>)_steps.Values;

    /// <summary>The URNs in the state of what is still in the program.</summary>
    internal HashSet<string> Kept => [.. _olds.Kept, .. _steps.Keys];

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
        await State.LoadedAsync();
        var isStack = Urns.Type(urn) == StackType;
        Mask.Add(outputs.SecretTexts());
        if (Secrecy.Unstorable(outputs) is { } name)
        {
            throw Refuse(Urns.Name(urn), $"its output {name} is not a text or number that can be stored.");
        }

        if (isStack)
        {
            StackOutputs = outputs;
        }

        if (!_dryRun
            && State.Read(
                state => (isStack ? state.Outputs : state.Resources.GetValueOrDefault(urn)?.Outputs)?.IsIdenticalTo(outputs) != true))
        {
            await State.ChangeAsync(Urns.Name(urn), state =>
            {
                if (isStack)
                {
                    state.SetOutputs(outputs);
                }
                else if (state.Resources.TryGetValue(urn, out var resource))
                {
                    resource.Outputs = outputs;
                    state.Put(resource);
                }
            });
        }
    }

    public void Skip(string type, string name, int sequence, string? parentUrn)
    {
        var urn = Urns.Create(_settings.Stack, _settings.Project, parentUrn, type, name);
        var step = new Step { Operation = StepOperation.Create, Urn = urn, Parent = parentUrn, IsCustom = true, Sequence = sequence };
        // Without a state nothing could be begun: that is said once, and not of each resource.
        if (!State.IsFaulted && _steps.TryAdd(urn, step))
        {
            End(new StepResult(step, StepStatus.Skipped, Elapsed, Elapsed, null, null));
        }
    }

    public async Task<RegistrationResult> RegisterAsync(ResourceRegistration registration)
    {
        await State.LoadedAsync();
        var urn = Urns.Create(_settings.Stack, _settings.Project, registration.ParentUrn, registration.Type, registration.Name);
        Mask.Add(CommandProvider.Secrets(registration.Inputs));
        if (Unsupported.Find(registration) is { } why)
        {
            throw Refuse(registration.Name, why);
        }

        var old = Find(urn, registration);
        var provider = ResourceProviders.For(registration);
        var pending = State.Read(state => state.Pending.GetValueOrDefault(urn) ?? state.Pending.GetValueOrDefault(old?.Urn ?? urn));
        var planner = new StepPlanner(registration, urn, old, pending);
        var (step, inputs) = planner.Plan(provider);
        registration = registration with { Inputs = inputs };
        _steps[urn] = step;
        if (State.Read(state => planner.Refusal(step, state)) is { } refusal)
        {
            // A preview goes on, so that the reviewer sees the change that is refused.
            _aborted = !_dryRun;
            Log(MessageSeverity.Error, refusal, null);
        }

        if (_aborted || _limits.Stop.IsCancellationRequested)
        {
            End(new StepResult(step, StepStatus.Skipped, Elapsed, Elapsed, null, null));
            throw new ResourceFailedException(registration.Name);
        }

        if (registration.IsCustom && _dryRun)
        {
            var outputs = step.Operation == StepOperation.Same ? old!.Outputs : provider.Preview(inputs);
            return new RegistrationResult(urn, old?.Id, Secrecy.Of(outputs, inputs, registration.Options, Mask));
        }

        var made = !registration.IsCustom ? new Made(string.Empty, old?.Outputs ?? PropertyValue.Empty)
            : step.Operation == StepOperation.Same ? new Made(old!.Id ?? string.Empty, old.Outputs)
            : await CarryOutAsync(provider, step, registration, old);
        made = made with { Outputs = Secrecy.Of(made.Outputs, inputs, registration.Options, Mask) };
        Mask.Add(CommandProvider.Secrets(made.Outputs));
        if (!_dryRun)
        {
            await RecordAsync(step, registration, old, made);
        }

        return new RegistrationResult(
            urn, registration.IsCustom ? made.Id : null, registration.IsCustom ? made.Outputs : PropertyValue.Empty);
    }

    /// <summary>Runs one step on its provider, timed and reported.</summary>
    internal async Task<T> RunStepAsync<T>(Step step, Func<StepContext, Task<T>> run)
    {
        // On disk before anything happens on the host: whoever comes after a crash knows what may be half done.
        try
        {
            await State.ChangeAsync(step.Name, state => state.Begin(step.Urn, step.Operation.ToString()));
        }
        catch (ResourceFailedException)
        {
            End(new StepResult(step, StepStatus.Skipped, Elapsed, Elapsed, null, null));
            throw;
        }

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
            var made = await run(context);
            End(new StepResult(step, StepStatus.Done, started, Elapsed, lastLine, null));
            return made;
        }
        catch (Exception error) when (error is StepException or SshException or OperationCanceledException)
        {
            var message = error is OperationCanceledException
                ? "ended by the user; how far it came is not known"
                : Mask.Apply(error.Message);
            // A create that failed left nothing to be known of; anything else must be run again even if its inputs are changed back.
            if (step.Operation == StepOperation.Create && error is StepException)
            {
                await State.ChangeAsync(step.Name, state => state.End(step.Urn));
            }

            End(new StepResult(step, StepStatus.Failed, started, Elapsed, lastLine, message));
            throw new ResourceFailedException(step.Name, error);
        }
    }

    private ResourceFailedException Refuse(string name, string why)
    {
        Log(MessageSeverity.Error, $"{name}: {why}", null);
        return new ResourceFailedException(name);
    }

    private ResourceState? Find(string urn, ResourceRegistration registration)
    {
        try
        {
            return State.Read(state => _olds.Find(state, urn, registration));
        }
        catch (EngineException error)
        {
            Log(MessageSeverity.Error, error.Message, null);
            throw new ResourceFailedException(registration.Name, error);
        }
    }

    private void End(StepResult result)
    {
        HasErrors |= result.Status != StepStatus.Done;
        _results.Add(result);
        _observer.OnEnded(result);
    }

    private Task<Made> CarryOutAsync(
        IResourceProvider provider, Step step, ResourceRegistration registration, ResourceState? old) =>
        RunStepAsync(step, async context =>
        {
            if (step.Operation == StepOperation.Update)
            {
                return new Made(old!.Id ?? string.Empty, await provider.UpdateAsync(old, registration.Inputs, context));
            }

            if (step.Operation == StepOperation.Replace && IsDeletedFirst(registration) && !old!.AwaitsReplacement)
            {
                if (!old.RetainOnDelete)
                {
                    await provider.DeleteAsync(old, context);
                }

                // Recorded at once: should the creation fail, the next run must not delete again.
                await State.ChangeAsync(step.Name, state =>
                {
                    old.AwaitsReplacement = true;
                    state.Put(old);
                });
            }

            return await provider.CreateAsync(registration.Name, registration.Inputs, context);
        });

    private static bool IsDeletedFirst(ResourceRegistration registration) =>
        registration.Options is CustomResourceOptions { DeleteBeforeReplace: true };

    private async Task RecordAsync(Step step, ResourceRegistration registration, ResourceState? old, Made made)
    {
        var now = ResourceState.Of(step, registration, old, made);
        if (step.Operation == StepOperation.Same && old is not null && now.IsRecordedAs(old))
        {
            return;
        }

        var written = State.ChangeAsync(step.Name, state =>
        {
            if (old is not null)
            {
                state.Remove(old);
                state.End(old.Urn);
            }

            if (step.Operation == StepOperation.Replace && !IsDeletedFirst(registration) && !old!.AwaitsReplacement)
            {
                state.Condemn(old);
            }

            state.End(step.Urn);
            state.Put(now);
        });
        // What was not done on a host need not be on disk before others go on.
        if (step.Operation != StepOperation.Same && registration.IsCustom)
        {
            await written;
        }
    }
}
