using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>A component as it runs on one host.</summary>
public sealed record ComponentReport
{
    /// <summary>The component.</summary>
    public required Component Component { get; init; }

    /// <summary>The version that the running program tells.</summary>
    public required string Version { get; init; }

    /// <summary>Version of the package it came in; null where it came in none.</summary>
    public string? Package { get; init; }

    /// <summary>CVE numbers that the package's changelog names.</summary>
    public IReadOnlyList<string> Mends { get; init; } = [];

    /// <summary>Whether the program on disk has been replaced since it was started.</summary>
    public bool Replaced { get; init; }

    /// <summary>The version with the package's own part, without its epoch: <c>1.18.0-1+deb12u1</c>.</summary>
    public string Shown => Package is { } package && !Replaced && ComponentVersion.Parse(package) == ComponentVersion.Parse(Version)
        ? package[(package.IndexOf(':', StringComparison.Ordinal) + 1)..]
        : Version;
}
