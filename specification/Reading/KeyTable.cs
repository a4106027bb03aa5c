namespace PostgresHa.Specification;

/// <summary>The keys that the specification's records declare.</summary>
internal static class KeyTable
{
    /// <summary>The whole cluster.</summary>
    public static SectionTable Root { get; } = new(typeof(ClusterSpecification), "");

    /// <summary>All keys, in the order in which the records declare them.</summary>
    public static IReadOnlyList<SpecificationKey> All { get; } = [.. Root.Keys];

    /// <summary>The default of a key as one would write it, for a remedy that gives an example.</summary>
    /// <param name="path">The key's path.</param>
    public static string Example(string path) =>
        All.Single(key => key.Path == path).Default ?? throw new ArgumentException($"{path} has no default");
}
