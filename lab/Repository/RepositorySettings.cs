using System.Text.Json;

namespace PostgresHa.Lab.Repository;

/// <summary>What the package repository's process is told.</summary>
internal sealed record RepositorySettings
{
    /// <summary>The options both sides read and write the settings with.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Unix socket to listen on.</summary>
    public required string Socket { get; init; }

    /// <summary>
    /// Name of each served archive, such as <c>debian</c>, and the mirrors it comes from: several where one does not have all releases.
    /// Empty when all is cached.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Archives { get; init; }

    /// <summary>Proxy to reach the mirrors by; null for the environment's.</summary>
    public string? Proxy { get; init; }

    /// <summary>Folder of the cached archives.</summary>
    public required string Packages { get; init; }

    /// <summary>Folder of the source archives.</summary>
    public required string Sources { get; init; }

    /// <summary>Folder with a folder of wheels for each release.</summary>
    public required string Wheels { get; init; }

    /// <summary>Folder of the built artefacts.</summary>
    public required string Artefacts { get; init; }

    /// <summary>Build of the program; a server of another build is replaced.</summary>
    public required string Build { get; init; }
}
