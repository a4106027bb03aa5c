using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>What is recorded of a stack; it knows what of it changed since that was last written.</summary>
internal sealed class StackState
{
    private readonly Dictionary<string, ResourceState> _resources = new(StringComparer.Ordinal);
    private readonly List<ResourceState> _condemned = [];
    private readonly Dictionary<string, string> _pending = new(StringComparer.Ordinal);
    private StateChanges _changes = new();

    internal string? EncryptionSalt { get; init; }

    // By URN; the condemned apart, since another has their URN by then.
    internal IReadOnlyDictionary<string, ResourceState> Resources => _resources;

    internal IReadOnlyList<ResourceState> Condemned => _condemned;

    // Operations begun and not known to have succeeded, by URN: what they did on the host is uncertain, so they are run again.
    internal IReadOnlyDictionary<string, string> Pending => _pending;

    internal PropertyValue Outputs { get; private set; } = PropertyValue.Empty;

    internal IEnumerable<ResourceState> All => _resources.Values.Concat(_condemned);

    internal void Put(ResourceState resource)
    {
        _resources[resource.Urn] = resource;
        _changes.Resources.Add(resource.Urn);
    }

    internal void Condemn(ResourceState resource)
    {
        resource.Condemned = true;
        _condemned.Add(resource);
        _changes.Resources.Add(resource.Urn);
    }

    internal void Remove(ResourceState resource)
    {
        if (!_condemned.Remove(resource))
        {
            _resources.Remove(resource.Urn);
        }

        _changes.Resources.Add(resource.Urn);
    }

    internal void Begin(string urn, string operation)
    {
        _pending[urn] = operation;
        _changes.Pending.Add(urn);
    }

    internal void End(string urn)
    {
        if (_pending.Remove(urn))
        {
            _changes.Pending.Add(urn);
        }
    }

    internal void SetOutputs(PropertyValue outputs)
    {
        Outputs = outputs;
        _changes.Outputs = true;
    }

    /// <summary>All that is recorded under a URN, as a change of the journal replaces it.</summary>
    internal IEnumerable<ResourceState> Recorded(string urn) =>
        (_resources.TryGetValue(urn, out var resource) ? [resource] : Enumerable.Empty<ResourceState>())
        .Concat(_condemned.Where(condemned => condemned.Urn == urn));

    internal void Replace(string urn, IEnumerable<ResourceState> recorded)
    {
        _resources.Remove(urn);
        _condemned.RemoveAll(condemned => condemned.Urn == urn);
        foreach (var resource in recorded)
        {
            if (resource.Condemned)
            {
                _condemned.Add(resource);
            }
            else
            {
                _resources[urn] = resource;
            }
        }
    }

    internal bool HasChanges => _changes is { Resources.Count: > 0 } or { Pending.Count: > 0 } or { Outputs: true };

    /// <summary>What changed since the last call.</summary>
    internal StateChanges TakeChanges()
    {
        var taken = _changes;
        _changes = new StateChanges();
        return taken;
    }

    /// <summary>Takes back changes that could not be written, to go with the next ones.</summary>
    internal void PutBack(StateChanges changes)
    {
        _changes.Resources.UnionWith(changes.Resources);
        _changes.Pending.UnionWith(changes.Pending);
        _changes.Outputs |= changes.Outputs;
    }
}

/// <summary>Which parts of a state changed, by name; their content is the state's at the time of writing.</summary>
internal sealed class StateChanges
{
    internal HashSet<string> Resources { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> Pending { get; } = new(StringComparer.Ordinal);

    internal bool Outputs { get; set; }
}
