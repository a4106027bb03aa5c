namespace PostgresHa.Lab;

/// <summary>A program that the lab serves to its hosts, as the stack asks for it.</summary>
/// <param name="Version">The stack's version, as the program's authors number it: <c>17.12</c>.</param>
/// <param name="Sha256">SHA-256 of the authors' archive as the stack states it; null when it is not known.</param>
public sealed record LabSource(string Version, string? Sha256 = null)
{
    /// <summary>
    /// Checksums of other versions' archives: what the lab may take in place of <see cref="Version"/> when no mirror has that, though no
    /// index of the mirror names it any more. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Known { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a program is compiled.</summary>
/// <param name="Packages">Debian packages that are needed for it.</param>
/// <param name="Script">Shell script, called with a folder that holds <c>source.tar.gz</c> and <c>patches.tar.xz</c>, the version, the word
/// <c>distribution</c>, an empty word and a number of cores.</param>
public sealed record LabBuild(IReadOnlyList<string> Packages, string Script);
