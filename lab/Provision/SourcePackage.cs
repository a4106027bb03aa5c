namespace PostgresHa.Lab.Provision;

/// <summary>One file of a source package.</summary>
/// <param name="Name">File name, such as <c>etcd_3.5.16.orig.tar.gz</c>.</param>
/// <param name="Sha256">Checksum, as the archive's signed index states it.</param>
public sealed record SourceFile(string Name, string Sha256);

/// <summary>One source package of the archive.</summary>
/// <param name="Name">Its name, such as <c>postgresql-17</c>.</param>
/// <param name="Version">The distribution's version, such as <c>17.11-0+deb13u1</c>.</param>
/// <param name="Directory">Where its files are, beneath the archive.</param>
/// <param name="Files">Its files.</param>
public sealed record SourcePackage(string Name, string Version, string Directory, IReadOnlyList<SourceFile> Files)
{
    /// <summary>Version of the software itself, as its authors number it: <c>17.11</c>.</summary>
    public string UpstreamVersion
    {
        get
        {
            var epoch = Version.IndexOf(':', StringComparison.Ordinal);
            var revision = Version.LastIndexOf('-');
            return Version[(epoch + 1)..(revision < 0 ? Version.Length : revision)];
        }
    }

    /// <summary>The authors' own archive.</summary>
    /// <exception cref="LabException">There is none.</exception>
    public SourceFile Original => Files.FirstOrDefault(file => file.Name.Contains(".orig.tar.", StringComparison.Ordinal)
        && !file.Name.EndsWith(".asc", StringComparison.Ordinal)) ?? throw new LabException($"the source package {Name} {Version} has no original archive");

    /// <summary>What the distribution adds, patches among it; null when that is no archive of its own.</summary>
    public SourceFile? Packaging => Files.FirstOrDefault(file => file.Name.Contains(".debian.tar.", StringComparison.Ordinal));

    /// <summary>All packages in the output of <c>apt-cache showsrc</c>, in its order.</summary>
    public static IReadOnlyList<SourcePackage> Parse(string text)
    {
        var packages = new List<SourcePackage>();
        foreach (var stanza in text.Replace("\r", string.Empty, StringComparison.Ordinal).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = new Dictionary<string, string>();
            var files = new List<SourceFile>();
            var current = string.Empty;
            foreach (var line in stanza.Split('\n'))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (line.StartsWith(' '))
                {
                    if (current == "Checksums-Sha256" && words.Length == 3)
                    {
                        files.Add(new SourceFile(words[2], words[0]));
                    }
                }
                else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                {
                    current = line[..colon];
                    fields[current] = line[(colon + 1)..].Trim();
                }
            }

            if (fields.TryGetValue("Package", out var name) && fields.TryGetValue("Version", out var version)
                && fields.TryGetValue("Directory", out var directory) && files.Count > 0)
            {
                packages.Add(new SourcePackage(name, version, directory, files));
            }
        }

        return packages;
    }

    /// <summary>The package of the version asked for, or the archive's newest when none is.</summary>
    /// <param name="packages">What the archive has.</param>
    /// <param name="name">The package.</param>
    /// <param name="upstreamVersion">The wanted version, as its authors number it; null for the newest.</param>
    /// <param name="path">Name of the value in the stack file, for the message.</param>
    /// <exception cref="LabException">The archive does not have it; the message names what it has.</exception>
    public static SourcePackage Select(IReadOnlyList<SourcePackage> packages, string name, string? upstreamVersion, string path)
    {
        var offered = packages.Where(package => package.Name == name).OrderByDescending(package => package.UpstreamVersion, UpstreamOrder.Instance)
            .DistinctBy(package => package.UpstreamVersion).ToList();
        if (offered.Count == 0)
        {
            throw new LabException($"the mirror has no source package {name}");
        }

        return upstreamVersion is null ? offered[0] : offered.FirstOrDefault(package => package.UpstreamVersion == upstreamVersion)
            ?? throw new LabException(
                $"{path}: version {upstreamVersion} is not to be had; the mirror has "
                + string.Join(" and ", offered.Select(package => $"{package.UpstreamVersion} (sha256 {package.Original.Sha256})"))
                + $". Set {path} (and its checksum) in the stack file to one of these");
    }
}
