namespace PostgresHa.Lab.Provision;

/// <summary>A version of a program that a mirror may have, and the file it would come in.</summary>
/// <param name="Package">The package it belongs to.</param>
/// <param name="File">The authors' archive, or where there is none the distribution's package.</param>
public sealed record SourceOffer(SourcePackage Package, SourceFile File)
{
    /// <summary>As the program's authors number it.</summary>
    public string Version => Package.UpstreamVersion;
}

/// <summary>
/// In which order versions are tried. The files of a mirror may be older than its index, or newer, or gone: an index names what could be
/// there, and a file whose checksum is known needs no index at all.
/// </summary>
public static class SourceOffers
{
    /// <summary>
    /// First the version that is asked for; then what the indexes name, the newest first; then the newest of what is remembered. All of one
    /// series; of a version that several indexes name, the first one's comes first.
    /// </summary>
    /// <param name="asked">What the stack asks for.</param>
    /// <param name="numbers">How many of a version's numbers make its series: one for 17.12, two for 3.5.33.</param>
    /// <param name="indexed">What the mirror's indexes name, the hosts' own release first.</param>
    /// <param name="remembered">What is known of without an index.</param>
    public static IReadOnlyList<SourceOffer> Of(
        LabSource asked, int numbers, IReadOnlyList<SourcePackage> indexed, IReadOnlyList<SourcePackage> remembered)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var series = Series(asked.Version, numbers);
        return
        [
            .. Ordered(indexed).Concat(Ordered(remembered)).Where(package => package.UpstreamVersion == asked.Version)
                .OrderByDescending(package => asked.Sha256 is not null && package.Original?.Sha256 == asked.Sha256)
                .Concat(Ordered(indexed)).Concat(Ordered(remembered))
                .Where(package => Series(package.UpstreamVersion, numbers) == series)
                .Select(static package => (Package: package, File: package.Original ?? package.Binary))
                .Where(static entry => entry.File is not null)
                .Select(static entry => new SourceOffer(entry.Package, entry.File!))
                .DistinctBy(static offer => (offer.File, offer.Package.Packaging)),
        ];
    }

    private static IOrderedEnumerable<SourcePackage> Ordered(IReadOnlyList<SourcePackage> packages) =>
        packages.OrderByDescending(static package => package.UpstreamVersion, UpstreamOrder.Instance);

    private static string Series(string version, int numbers) => string.Join('.', version.Split('.').Take(numbers));
}
