using System.Text.Json;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab;

/// <summary>A program as the lab has got it.</summary>
/// <param name="Asked">The stack's version.</param>
/// <param name="Version">The version that is served. Another than <paramref name="Asked"/> only when no mirror has that.</param>
/// <param name="Sha256">SHA-256 of the authors' archive; null where the distribution's package was taken instead, which its signed index
/// proved.</param>
public sealed record LabVersion(string Asked, string Version, string? Sha256)
{
    /// <summary>
    /// SHA-256 of the distribution's patches, which etcd needs to compile with the distribution's libraries; null where there are none.
    /// </summary>
    public string? PatchesSha256 { get; init; }

    /// <summary>Release whose libraries those patches are for; null for the hosts' own.</summary>
    public string? LibrariesSuite { get; init; }

    /// <summary>Whether the lab had to take another version than the stack's.</summary>
    public bool IsOther => Version != Asked;
}

/// <summary>
/// Which versions the lab serves. A mirror does not have every version on every day, and the lab comes up on any: what it takes in place of
/// the stack's versions holds for the lab alone, and the stack file stays as it is.
/// </summary>
/// <param name="Postgres">PostgreSQL; null when the stack does not build it.</param>
/// <param name="Etcd">etcd; null when the stack does not build it.</param>
/// <param name="Patroni">Patroni; null when the stack does not install it by pip.</param>
public sealed record LabVersions(LabVersion? Postgres, LabVersion? Etcd, LabVersion? Patroni)
{
    /// <summary>Reads what a lab took; null when it has not yet.</summary>
    /// <param name="file"><see cref="LabPaths.Versions"/>.</param>
    public static LabVersions? Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<LabVersions>(File.ReadAllText(file), RepositorySettings.Json) : null;

    /// <summary>A line for each program that is not served in the version the stack asks for.</summary>
    public IEnumerable<string> Differences() =>
        from entry in ((string Name, LabVersion? Taken)[])[("PostgreSQL", Postgres), ("etcd", Etcd), ("Patroni", Patroni)]
        where entry.Taken is { IsOther: true }
        select $"{entry.Name} {entry.Taken.Version} in place of {entry.Taken.Asked}, which the mirror does not "
            + "have today (in the lab only)";

    internal Task WriteAsync(string file, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return AtomicFile.WriteAsync(file, JsonSerializer.Serialize(this, RepositorySettings.Json) + "\n", cancellation);
    }
}
