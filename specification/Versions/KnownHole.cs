namespace PostgresHa.Specification;

/// <summary>A severe fault of some versions of a component that somebody could make use of, or that costs data or availability.</summary>
public sealed record KnownHole
{
    /// <summary>The component.</summary>
    public required Component Component { get; init; }

    /// <summary>What can happen; continues "N.N has known severe holes:".</summary>
    public required string Harm { get; init; }

    /// <summary>Where it is published: CVE numbers, or addresses of an issue or of release notes.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The versions that have it, a range for each line of releases. It ends with the release that mends it.</summary>
    public required IReadOnlyList<VersionRange> Affected { get; init; }

    /// <summary>What in the files that this project writes keeps it shut, so that nobody need be warned; null when nothing does.</summary>
    public string? ShutBy { get; init; }

    /// <summary>The first release of the version's own line that mends it; null when the version does not have it.</summary>
    /// <param name="version">The version.</param>
    public VersionRange? RangeOf(Version version) => Affected.FirstOrDefault(range => range.Contains(version));

    /// <summary>Whether a distribution's package mends it without a new version: its changelog names every CVE number.</summary>
    /// <param name="mended">The CVE numbers in the changelog.</param>
    public bool IsMendedBy(IEnumerable<string> mended) => Sources.All(source => mended.Contains(source, StringComparer.Ordinal));
}
