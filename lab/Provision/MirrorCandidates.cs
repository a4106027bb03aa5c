namespace PostgresHa.Lab.Provision;

/// <summary>Which of the machine's apt sources could have the hosts' release.</summary>
public static class MirrorCandidates
{
    /// <summary>Base URLs that serve whole releases, in the order of the configuration.</summary>
    /// <param name="sources">The machine's entries.</param>
    /// <param name="readList">Returns the lines of a <c>mirror+file:</c> list; cloud images use those.</param>
    public static IReadOnlyList<string> Main(IEnumerable<AptSource> sources, Func<string, IEnumerable<string>> readList) =>
        Select(sources, readList, suite => !IsSecurity(suite));

    /// <summary>Base URLs that serve security updates, in the order of the configuration.</summary>
    /// <param name="sources">The machine's entries.</param>
    /// <param name="readList">Returns the lines of a <c>mirror+file:</c> list.</param>
    public static IReadOnlyList<string> Security(IEnumerable<AptSource> sources, Func<string, IEnumerable<string>> readList) =>
        Select(sources, readList, IsSecurity);

    private static List<string> Select(
        IEnumerable<AptSource> sources, Func<string, IEnumerable<string>> readList, Predicate<string> suite) =>
    [
        .. sources.Where(source => source.Components.Contains("main") && source.Suites.Any(name => suite(name)))
            .SelectMany(source => source.Uris)
            .SelectMany(uri => Expand(uri, readList))
            .Where(uri => uri.StartsWith("http://", StringComparison.Ordinal) || uri.StartsWith("https://", StringComparison.Ordinal))
            .Select(uri => uri.TrimEnd('/'))
            .Distinct(),
    ];

    private static IEnumerable<string> Expand(string uri, Func<string, IEnumerable<string>> readList)
    {
        foreach (var scheme in (string[])["mirror+file://", "mirror+file:", "mirror:file://"])
        {
            if (uri.StartsWith(scheme, StringComparison.Ordinal))
            {
                return readList(uri[scheme.Length..]).Select(line => line.Split('#')[0].Split('\t', ' ')[0].Trim());
            }
        }

        return [uri.StartsWith("mirror+http", StringComparison.Ordinal) ? string.Empty : uri];
    }

    private static bool IsSecurity(string suite) =>
        suite.EndsWith("-security", StringComparison.Ordinal) || suite.EndsWith("/updates", StringComparison.Ordinal);
}
