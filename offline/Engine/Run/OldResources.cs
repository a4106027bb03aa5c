using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>
/// Finds what a resource was at the last run: by its URN, by its aliases, or by those of its parent, which hold for its children too. No
/// two resources may be the same old one.
/// </summary>
internal sealed class OldResources(string stack, string project)
{
    private const string StackType = "pulumi:pulumi:Stack";

    private readonly Lock _lock = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    // By the old URN: who claimed it. By the new one: which was claimed.
    private readonly Dictionary<string, string> _claimedBy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _formerly = new(StringComparer.Ordinal);

    // As they were when the run began: what it does to them meanwhile decides nothing.
    private Dictionary<string, ResourceState>? _olds;

    /// <summary>The old URNs that resources of the program have now, by their own name or by an alias.</summary>
    internal IReadOnlyCollection<string> Kept
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen, .. _claimedBy.Keys];
            }
        }
    }

    /// <summary>The old resource; null when there was none.</summary>
    /// <exception cref="EngineException">The resource is declared twice, or another has its place in the state.</exception>
    internal ResourceState? Find(StackState state, string urn, ResourceRegistration registration)
    {
        lock (_lock)
        {
            _olds ??= new Dictionary<string, ResourceState>(state.Resources, StringComparer.Ordinal);
            if (!_seen.Add(urn))
            {
                throw new EngineException($"{registration.Type} {registration.Name} is declared twice (same URN {urn}).");
            }

            if (_claimedBy.TryGetValue(urn, out var claimant))
            {
                throw new EngineException(
                    $"{registration.Name} cannot be told from {Urns.Name(claimant)}, which has it as an alias ({urn}).");
            }

            if (_olds.TryGetValue(urn, out var old))
            {
                return old;
            }

            foreach (var alias in Aliases(registration))
            {
                if (_olds.TryGetValue(alias, out old))
                {
                    Claim(alias, urn);
                    return old;
                }
            }

            return null;
        }
    }

    private void Claim(string alias, string urn)
    {
        if (_seen.Contains(alias) || _claimedBy.ContainsKey(alias))
        {
            throw new EngineException(
                $"{Urns.Name(urn)} cannot take over {alias} by its alias: "
                + $"{Urns.Name(_claimedBy.GetValueOrDefault(alias, alias))} is that already.");
        }

        _claimedBy[alias] = urn;
        _formerly[urn] = alias;
    }

    private IEnumerable<string> Aliases(ResourceRegistration registration)
    {
        var own = registration.Aliases.Select(alias => Collapse(alias, registration)).ToList();
        if (registration.ParentUrn is not { } parent || Formerly(parent) is not { } former)
        {
            return own.Distinct();
        }

        var name = Urns.Name(parent);
        return own
            .Append(Inherited(registration.Type, registration.Name, name, former))
            .Concat(own.Select(alias => Inherited(Urns.Type(alias), Urns.Name(alias), name, former)))
            .Distinct();
    }

    // Also what the parent was before a run that did not come as far as this child.
    private string? Formerly(string urn) =>
        _formerly.TryGetValue(urn, out var alias) ? alias : _olds!.GetValueOrDefault(urn)?.Alias;

    private string Collapse(FormerIdentity alias, ResourceRegistration registration)
    {
        if (alias.Urn is { } whole)
        {
            return whole;
        }

        var parent = alias.NoParent ? null : registration.ParentUrn;
        return Urns.Create(
            stack, project, parent is not null && Urns.QualifiedType(parent) == StackType ? null : parent, registration.Type,
            alias.Name ?? registration.Name);
    }

    // A child named after its parent was named after the parent's old name.
    private string Inherited(string type, string name, string parentName, string former) => Urns.Create(
        stack, project, former, type,
        name.StartsWith(parentName, StringComparison.Ordinal) ? Urns.Name(former) + name[parentName.Length..] : name);
}
