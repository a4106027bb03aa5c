namespace PostgresHa.Lab.Repository;

/// <summary>The archives a release's packages come from, as found out when its base image is made.</summary>
/// <param name="Archives">Name the lab serves it by (<c>debian</c>, <c>debian-security</c>) and its mirror.</param>
/// <param name="Suites">Name and the suites it has.</param>
/// <param name="Proxy">Proxy that the machine's apt uses, or null.</param>
internal sealed record MirrorSet(
    IReadOnlyDictionary<string, string> Archives, IReadOnlyDictionary<string, IReadOnlyList<string>> Suites, string? Proxy)
{
    /// <summary>What the release is called as long as it is that: <c>stable</c>; null where the mirror did not say.</summary>
    public string? Alias { get; init; }

    /// <summary>The suites in which newer sources are looked for, without those that the hosts have anyway.</summary>
    public static IEnumerable<string> Newer(LabDefinition definition, IReadOnlyList<MirrorSet> sets) =>
        definition.NewerSuites.Where(suite => !definition.Releases.Contains(suite) && sets.All(set => set.Alias != suite));
}
