namespace PostgresHa.Lab.Repository;

/// <summary>Paths of a package archive, as clients ask for them.</summary>
public static class ArchivePath
{
    /// <summary>
    /// The decoded path, relative and free of anything that could leave the archive's folder; null when it is none.
    /// </summary>
    /// <param name="path">Decoded request path beneath the archive, such as <c>pool/main/e/etcd/etcd_3.5.16.orig.tar.gz</c>.</param>
    public static string? Normalise(string? path)
    {
        var segments = (path ?? string.Empty).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length == 0
            || segments.Any(segment => segment.StartsWith('.') || segment.Contains('\\') || segment.Any(char.IsControl))
            ? null
            : string.Join('/', segments);
    }

    /// <summary>The address of a path at a mirror, each segment escaped.</summary>
    public static Uri At(string mirror, string path) =>
        new(mirror.TrimEnd('/') + "/" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));

    /// <summary>
    /// Whether the path is an index: fetched anew with each base image, frozen until then, so that image and packages agree.
    /// </summary>
    public static bool IsIndex(string path) => path.StartsWith("dists/", StringComparison.Ordinal);

    /// <summary>Whether a client asks for it only because an index names it, by its content or as a package.</summary>
    public static bool IsNamedByIndex(string path) =>
        path.EndsWith(".deb", StringComparison.Ordinal) || (IsIndex(path) && path.Contains("/by-hash/", StringComparison.Ordinal));
}
