using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Decides what is to be done to one resource by comparing its inputs with those of the last run.</summary>
internal sealed class StepPlanner(ResourceRegistration registration, string urn, ResourceState? old, string? pending)
{
    internal Step Plan(IResourceProvider provider)
    {
        var inputs = WithIgnored();
        var changes = registration.IsCustom ? Compare(old?.Inputs ?? PropertyValue.Empty, inputs) : [];
        var operation = old is null ? StepOperation.Create
            : changes.Any(change => provider.Replaces(change.Name) || IsStatedToReplace(change.Name)) ? StepOperation.Replace
            : changes.Count > 0 || (pending is not null && registration.IsCustom) ? StepOperation.Update
            : StepOperation.Same;
        return new Step
        {
            Operation = operation,
            Urn = urn,
            Parent = registration.ParentUrn,
            IsCustom = registration.IsCustom,
            Sequence = registration.Sequence,
            Host = CommandProvider.Host(registration.Inputs),
            Changes = changes,
            Reason = pending is null || !registration.IsCustom ? null
                : $"the last run did not complete its {pending.ToLowerInvariant()}; it is run again",
            Dependencies = registration.Dependencies,
        };
    }

    internal static IReadOnlyList<InputChange> Compare(PropertyValue old, PropertyValue now) =>
    [
        .. from name in old.Entries.Keys.Union(now.Entries.Keys).Order(StringComparer.Ordinal)
           let change = new InputChange(name, old[name], now[name])
           where !change.Old.Equals(change.New)
           select change,
    ];

    private PropertyValue WithIgnored()
    {
        var ignored = registration.Options?.IgnoreChanges ?? [];
        return old is null || ignored.Count == 0 ? registration.Inputs : PropertyValue.Of(
            registration.Inputs.Entries.Keys.Union(ignored)
                .Select(name => KeyValuePair.Create(name, (ignored.Contains(name) ? old.Inputs : registration.Inputs)[name])));
    }

    // `triggers[*]` states it for each item, which here is the same as for the whole.
    private bool IsStatedToReplace(string name) =>
        registration.Options?.ReplaceOnChanges.Any(stated => stated == "*" || stated.Split('[', '.')[0] == name) ?? false;
}

/// <summary>Components only group others: nothing is done for them.</summary>
internal sealed class ComponentProvider : IResourceProvider
{
    internal static ComponentProvider Instance { get; } = new();

    public bool Replaces(string input) => false;

    public PropertyValue Preview(PropertyValue inputs) => PropertyValue.Empty;

    public Task<Made> CreateAsync(string name, PropertyValue inputs, StepContext context) => Task.FromResult(new Made(string.Empty, PropertyValue.Empty));

    public Task<PropertyValue> UpdateAsync(ResourceState old, PropertyValue inputs, StepContext context) => Task.FromResult(PropertyValue.Empty);

    public Task DeleteAsync(ResourceState old, StepContext context) => Task.CompletedTask;
}
