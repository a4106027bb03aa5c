using PostgresHa.StandIns;

namespace Pulumi;

public sealed partial class Deployment
{
    internal void Register(Resource resource, bool custom, ResourceArgs args, ResourceOptions options) =>
        Track(RegisterAsync(resource, custom, args, options));

    internal void RegisterOutputs(Resource resource, Output<IDictionary<string, object?>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        Track(RegisterAsync());

        async Task RegisterAsync()
        {
            var urn = await resource.Urn.GetValueAsync(string.Empty);
            var value = await new ValueSerializer().SerializeAsync("outputs", outputs);
            await _session.Engine.RegisterOutputsAsync(urn, value);
        }
    }

    // A component stands for the resources below it: whoever depends on it waits for its custom children, through components, but not for
    // children of custom resources. The component itself is nothing to wait for.
    private static HashSet<Resource> CustomResourcesOf(IEnumerable<Resource> resources)
    {
        var found = new HashSet<Resource>();
        var seen = new HashSet<Resource>();
        var open = new Stack<Resource>(resources);
        while (open.TryPop(out var resource))
        {
            if (!seen.Add(resource))
            {
                continue;
            }

            if (resource is CustomResource)
            {
                found.Add(resource);
                continue;
            }

            lock (resource.Children)
            {
                foreach (var child in resource.Children)
                {
                    open.Push(child);
                }
            }
        }

        return found;
    }

    private async Task RegisterAsync(Resource resource, bool custom, ResourceArgs args, ResourceOptions options)
    {
        // The constructors of derived classes must have run before anything of the resource is looked at by others.
        await Task.Yield();
        string? parentUrn = null;
        try
        {
            parentUrn = resource.ParentResource is { } parent ? await parent.Urn.GetValueAsync(string.Empty) : null;
            var serializer = new ValueSerializer();
            var label = $"resource:{resource.GetResourceName()}[{resource.GetResourceType()}]";
            var stated = await ((Output<System.Collections.Immutable.ImmutableArray<Resource>>)options.DependsOn).DataTask;
            var inputs = await serializer.SerializeAsync(label, args);
            var dependencies = new HashSet<string>(StringComparer.Ordinal);
            foreach (var dependency in CustomResourcesOf([.. stated.Value, .. stated.Resources, .. serializer.Resources]))
            {
                dependencies.Add(await dependency.Urn.GetValueAsync(string.Empty));
            }

            var result = await _session.Engine.RegisterAsync(new ResourceRegistration
            {
                Type = resource.GetResourceType(),
                Name = resource.GetResourceName(),
                IsCustom = custom,
                Sequence = resource.Sequence,
                ParentUrn = parentUrn,
                Inputs = inputs,
                Dependencies = dependencies,
                Aliases = await AliasesAsync(options),
                Options = options,
                Protect = options.Protect ?? false,
                Resource = resource,
            });
            resource.Outputs.Fill(resource, result, _session.IsDryRun);
        }
        catch (ResourceFailedException failure)
        {
            resource.Outputs.Fail(failure);
            if (failure.Data["resource"] is null)
            {
                failure.Data["resource"] = resource;
            }
            else if (!ReferenceEquals(failure.Data["resource"], resource))
            {
                _session.Engine.Skip(resource.GetResourceType(), resource.GetResourceName(), resource.Sequence, parentUrn);
            }

            throw;
        }
        catch (Exception exception)
        {
            resource.Outputs.Fail(exception);
            throw;
        }
    }

    private static async Task<IReadOnlyList<FormerIdentity>> AliasesAsync(ResourceOptions options)
    {
        var former = new List<FormerIdentity>();
        foreach (var input in options.Aliases)
        {
            if (await input.ToOutput().GetValueAsync(null!) is { } alias)
            {
                var name = alias.Name is null ? null : await alias.Name.ToOutput().GetValueAsync(string.Empty);
                former.Add(new FormerIdentity(alias.Urn, name, alias.NoParent));
            }
        }

        return former;
    }
}
