using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>The providers this engine has, by type of resource.</summary>
internal static class ResourceProviders
{
    private static readonly Dictionary<string, IResourceProvider> ByType = new(StringComparer.Ordinal)
    {
        [CommandProvider.Type] = new CommandProvider(),
        [RandomPasswordProvider.Type] = new RandomPasswordProvider(),
    };

    internal static IResourceProvider For(ResourceRegistration registration) =>
        registration.IsCustom ? ByType[registration.Type] : ComponentProvider.Instance;

    internal static IResourceProvider For(ResourceState resource) => ByType.GetValueOrDefault(resource.Type, ComponentProvider.Instance);

    internal static bool Knows(ResourceRegistration registration) => !registration.IsCustom || ByType.ContainsKey(registration.Type);
}

/// <summary>Components only group others: nothing is done for them.</summary>
internal sealed class ComponentProvider : IResourceProvider
{
    internal static ComponentProvider Instance { get; } = new();

    public bool Replaces(string input) => false;

    public PropertyValue Preview(PropertyValue inputs) => PropertyValue.Empty;

    public Task<Made> CreateAsync(string name, PropertyValue inputs, StepContext context) =>
        Task.FromResult(new Made(string.Empty, PropertyValue.Empty));

    public Task<PropertyValue> UpdateAsync(ResourceState old, PropertyValue inputs, StepContext context) =>
        Task.FromResult(PropertyValue.Empty);

    public Task DeleteAsync(ResourceState old, StepContext context) => Task.CompletedTask;
}
