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

    /// <summary>Release whose index names it; null for one that fits any.</summary>
    public string? Suite { get; init; }

    /// <summary>The folders of an archive that its files may be in, one of them in an archive of security updates.</summary>
    public IEnumerable<string> Folders => ((string[])[Directory, Folder(Name), Folder(Name, "pool/updates")]).Distinct();

    /// <summary>The folder that an archive keeps a package in.</summary>
    /// <param name="name">The source package.</param>
    /// <param name="pool">The archive's pool.</param>
    public static string Folder(string name, string pool = "pool") =>
        $"{pool}/main/{(name.StartsWith("lib", StringComparison.Ordinal) ? name[..4] : name[..1])}/{name}";

    /// <summary>The authors' own archive; null for a package of another kind.</summary>
    public SourceFile? Original => Files.FirstOrDefault(file => file.Name.Contains(".orig.tar.", StringComparison.Ordinal)
        && !file.Name.EndsWith(".asc", StringComparison.Ordinal));

    /// <summary>The package to install; null for a source package.</summary>
    public SourceFile? Binary => Files.FirstOrDefault(file => file.Name.EndsWith(".deb", StringComparison.Ordinal));

    /// <summary>What the distribution adds, patches among it; null when that is no archive of its own.</summary>
    public SourceFile? Packaging => Files.FirstOrDefault(file => file.Name.Contains(".debian.tar.", StringComparison.Ordinal));

    /// <summary>
    /// All packages in the output of <c>apt-cache showsrc</c> and <c>apt-cache show</c>, in its order. A line <c>=== SUITE</c> says of what
    /// follows where it is from.
    /// </summary>
    /// <param name="text">The output.</param>
    public static IReadOnlyList<SourcePackage> Parse(string text)
    {
        var packages = new List<SourcePackage>();
        string? suite = null;
        foreach (var stanza in text.Replace("\r", string.Empty, StringComparison.Ordinal)
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = stanza.Split('\n');
            if (lines.FirstOrDefault(static line => line.StartsWith(SuiteMark, StringComparison.Ordinal)) is { } heading)
            {
                suite = heading[SuiteMark.Length..].Trim();
            }

            if (Read(lines) is { } package)
            {
                packages.Add(package with { Suite = suite });
            }
        }

        return packages;
    }

    private const string SuiteMark = "=== ";

    private static SourcePackage? Read(IEnumerable<string> lines)
    {
        var fields = new Dictionary<string, string>();
        var files = new List<SourceFile>();
        var current = string.Empty;
        foreach (var line in lines)
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

        if (!fields.TryGetValue("Package", out var name) || !fields.TryGetValue("Version", out var version))
        {
            return null;
        }

        if (fields.TryGetValue("Filename", out var path) && fields.TryGetValue("SHA256", out var sha256))
        {
            return new SourcePackage(name, version, Path.GetDirectoryName(path)!, [new SourceFile(Path.GetFileName(path), sha256)]);
        }

        return fields.TryGetValue("Directory", out var directory) && files.Count > 0
            ? new SourcePackage(name, version, directory, files)
            : null;
    }
}
