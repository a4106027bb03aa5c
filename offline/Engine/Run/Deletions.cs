using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Removes resources, each only after all that depend on it.</summary>
internal sealed class Deletions(EngineRun run, StateStore store, IRunObserver observer, RunLimits limits)
{
    internal static IReadOnlyList<ResourceState> Unwanted(StackState state, ICollection<string> wanted) =>
        [.. state.Condemned, .. state.Resources.Values.Where(resource => !wanted.Contains(resource.Urn))];

    internal static Step StepFor(ResourceState resource) => new()
    {
        Operation = StepOperation.Delete,
        Urn = resource.Urn,
        Parent = resource.Parent,
        IsCustom = resource.IsCustom,
        Sequence = resource.Sequence,
        Host = CommandProvider.Host(resource.Inputs),
        Dependencies = resource.Dependencies,
    };

    /// <summary>True when all are gone.</summary>
    internal async Task<bool> RunAsync(IReadOnlyList<ResourceState> resources)
    {
        if (resources.Where(resource => resource.Protect).Select(resource => resource.Name).ToList() is { Count: > 0 } held)
        {
            observer.OnMessage(MessageSeverity.Error, $"Protected and therefore not deleted: {string.Join(", ", held)}. Nothing was deleted.");
            return false;
        }

        foreach (var resource in resources)
        {
            run.Mask.Add(CommandProvider.Secrets(resource.Inputs).Concat(CommandProvider.Secrets(resource.Outputs)));
        }

        var dependents = resources.ToDictionary(
            resource => resource,
            resource => resources.Where(other => other != resource && (other.Dependencies.Contains(resource.Urn) || other.Parent == resource.Urn)).ToList());
        var tasks = new Dictionary<ResourceState, Task<bool>>();
        var gone = await Task.WhenAll(resources.Select(TaskFor)).ConfigureAwait(false);
        return gone.All(done => done);

        Task<bool> TaskFor(ResourceState resource)
        {
            if (!tasks.TryGetValue(resource, out var task))
            {
                // A place holder, should the dependencies of two runs together ever form a circle.
                tasks[resource] = Task.FromResult(true);
                tasks[resource] = task = DeleteAfterAsync(resource, dependents[resource].Select(TaskFor).ToList());
            }

            return task;
        }
    }

    private async Task<bool> DeleteAfterAsync(ResourceState resource, IReadOnlyList<Task<bool>> dependents)
    {
        var step = StepFor(resource);
        var free = (await Task.WhenAll(dependents).ConfigureAwait(false)).All(done => done);
        if (!free || limits.Stop.IsCancellationRequested)
        {
            observer.OnEnded(new StepResult(step, StepStatus.Skipped, run.Elapsed, run.Elapsed, null, null));
            return false;
        }

        try
        {
            if (resource.IsCustom && !resource.RetainOnDelete)
            {
                await run.RunStepAsync(store, step, async context =>
                {
                    await EngineRun.ProviderOf(resource).DeleteAsync(resource, context).ConfigureAwait(false);
                    return true;
                }).ConfigureAwait(false);
            }

            await store.ChangeAsync(state =>
            {
                if (!state.Condemned.Remove(resource))
                {
                    state.Resources.Remove(resource.Urn);
                }

                state.Pending.Remove(resource.Urn);
            }).ConfigureAwait(false);
            return true;
        }
        catch (ResourceFailedException)
        {
            return false;
        }
    }
}
