using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Removes resources, each only after all that depend on it.</summary>
/// <param name="run">The run they are part of.</param>
/// <param name="observer">Told what happens.</param>
/// <param name="limits">When to stop.</param>
/// <param name="lost">Hosts that are gone for good, by the ends of their resources' names: nothing is run there. Default none.</param>
internal sealed class Deletions(EngineRun run, IRunObserver observer, RunLimits limits, IReadOnlyCollection<string>? lost = null)
{
    internal static IReadOnlyList<ResourceState> Unwanted(StackState state, HashSet<string> kept) =>
        [.. state.Condemned, .. state.Resources.Values.Where(resource => !kept.Contains(resource.Urn))];

    /// <summary>
    /// Why they must not be deleted; null when they may. What was replaced was not protected any more when that was decided.
    /// </summary>
    internal static string? Refusal(IReadOnlyList<ResourceState> resources) =>
        resources.Where(resource => resource.Protect && !resource.Condemned).Select(resource => resource.Name)
            .ToList() is { Count: > 0 } held
            ? $"Protected and therefore not deleted: {string.Join(", ", held)}. Nothing was deleted." : null;

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
        if (Refusal(resources) is { } refusal)
        {
            observer.OnMessage(MessageSeverity.Error, refusal);
            return false;
        }

        var needs = resources
            .SelectMany(
                resource => resource.Dependencies.Append(resource.Parent).OfType<string>().Distinct().Select(urn => (urn, resource)))
            .ToLookup(pair => pair.urn, pair => pair.resource, StringComparer.Ordinal);
        var tasks = new Dictionary<ResourceState, Task<bool>>();
        var gone = await Task.WhenAll(resources.Select(TaskFor));
        return gone.All(done => done);

        Task<bool> TaskFor(ResourceState resource)
        {
            if (!tasks.TryGetValue(resource, out var task))
            {
                // A place holder, should the dependencies of two runs together ever form a circle.
                tasks[resource] = Task.FromResult(true);
                tasks[resource] = task = DeleteAfterAsync(
                    resource, needs[resource.Urn].Where(other => other != resource).Select(TaskFor).ToList());
            }

            return task;
        }
    }

    // Why nothing is to be run for it; null when something is. A file or unit that was given another resource's name on the same host is
    // that one's: Pulumi would take it away beneath it.
    private string? Spared(ResourceState resource)
    {
        var host = CommandProvider.Host(resource.Inputs);
        if (lost?.FirstOrDefault(name => resource.Name.EndsWith("-" + name, StringComparison.Ordinal)) is { } gone)
        {
            return $"{gone} is lost: nothing is run there";
        }

        var undo = resource.Inputs["delete"].Text;
        var kept = run.Kept;
        return !resource.Condemned && undo is not null
            && run.State.Read(state => state.Resources.Values.FirstOrDefault(other =>
                kept.Contains(other.Urn) && other.Inputs["delete"].Text == undo && CommandProvider.Host(other.Inputs) == host))
                is { } owner
            ? $"kept: it is {owner.Name}'s by now"
            : null;
    }

    private async Task<bool> DeleteAfterAsync(ResourceState resource, IReadOnlyList<Task<bool>> dependents)
    {
        var step = StepFor(resource);
        var free = (await Task.WhenAll(dependents)).All(done => done);
        if (!free || limits.Stop.IsCancellationRequested)
        {
            observer.OnEnded(new StepResult(step, StepStatus.Skipped, run.Elapsed, run.Elapsed, null, null));
            return false;
        }

        try
        {
            if (resource is { IsCustom: true, RetainOnDelete: false, AwaitsReplacement: false })
            {
                await run.RunStepAsync(step, async context =>
                {
                    if (Spared(resource) is { } why)
                    {
                        context.OnLine(why);
                    }
                    else
                    {
                        await ResourceProviders.For(resource).DeleteAsync(resource, context);
                    }

                    return true;
                });
            }

            await run.State.ChangeAsync(step.Name, state =>
            {
                state.Remove(resource);
                state.End(resource.Urn);
            });
            return true;
        }
        catch (ResourceFailedException)
        {
            return false;
        }
    }
}
