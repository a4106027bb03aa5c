namespace PostgresHa.Lab;

/// <summary>What was compiled in one lab, kept for the next.</summary>
public static class Artefacts
{
    private const string Folder = "var/cache/postgres-ha";

    /// <summary>
    /// Copies archives that come with a checksum, as far as they are not kept yet. The checksum goes last: it says that all is there.
    /// </summary>
    /// <param name="roots">Root file systems to look in.</param>
    /// <param name="target">Folder to keep them in; created when missing.</param>
    /// <returns>Names of the archives that were new.</returns>
    public static IReadOnlyList<string> Harvest(IEnumerable<string> roots, string target)
    {
        var harvested = new List<string>();
        foreach (var archive in roots.Select(root => Path.Combine(root, Folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.tar.gz")).Order(StringComparer.Ordinal))
        {
            var kept = Path.Combine(target, Path.GetFileName(archive));
            var checksum = archive + ".sha256";

            // An archive without its checksum is still being written.
            if (!File.Exists(checksum) || File.Exists(kept + ".sha256"))
            {
                continue;
            }

            Directory.CreateDirectory(target);
            AtomicFile.Copy(archive, kept);
            AtomicFile.Copy(checksum, kept + ".sha256");
            harvested.Add(Path.GetFileName(archive));
        }

        return harvested;
    }
}
