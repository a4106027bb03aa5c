namespace PostgresHa.Lab.Provision;

/// <summary>Packages that are known of without an index: it may have moved on while their files are still there.</summary>
internal static class RememberedPackages
{
    // Each as its release's signed index stated it; etcd's compile with that release's libraries.
    private static readonly SourcePackage[] Packages =
    [
        new("etcd", "3.5.30-2", "pool/main/e/etcd",
        [
            new("etcd_3.5.30.orig.tar.gz", "726af308638f76a67a0854ea7e3b0c07437f0fd2683d5fb16b68731abddd8069"),
            new("etcd_3.5.30-2.debian.tar.xz", "7f2ada50f910f662856eff30f76767bcaf39203067b6ffdebb08ff4144da6b29"),
        ])
        { Suite = "testing" },
        new("etcd", "3.5.16-4", "pool/main/e/etcd",
        [
            new("etcd_3.5.16.orig.tar.gz", "665f67999b34fa6ab2c0dfabcc5029887316614431bed2f9f3ae128ae587a0eb"),
            new("etcd_3.5.16-4.debian.tar.xz", "4eb63db9f5a20458e62f25ae36c1a3922c8eb3ad491ae25290f3c6378266adb6"),
        ])
        { Suite = "trixie" },
        new(
            "patroni",
            "4.0.7-3~deb13u1",
            "pool/main/p/patroni",
            [new("patroni_4.0.7.orig.tar.gz", "2d53ecc208c99afff180954adb6f0f891e56da0fcd4e1ab84912daab5cf39a7e")]),
        new(
            "patroni",
            "4.1.5-2",
            "pool/main/p/patroni",
            [new("patroni_4.1.5.orig.tar.gz", "7998966788f50df043ec02eb7038fa0f47581fec6a34705bfc4c984a54c6d418")]),
    ];

    /// <summary>Those of a name.</summary>
    /// <param name="name">The package.</param>
    public static IReadOnlyList<SourcePackage> Of(string name) => [.. Packages.Where(package => package.Name == name)];

    /// <summary>The packages that the authors' archives of known checksums lie in.</summary>
    /// <param name="name">The source package.</param>
    /// <param name="extension">What the archive's name ends in: <c>.tar.bz2</c>.</param>
    /// <param name="source">The program; the asked version is among them when its checksum is stated.</param>
    public static IReadOnlyList<SourcePackage> Of(string name, string extension, LabSource source)
    {
        var known = source.Known.ToDictionary(StringComparer.Ordinal);
        if (source.Sha256 is { } sha256)
        {
            known[source.Version] = sha256;
        }

        return
        [
            .. known.Select(entry => new SourcePackage(
                name, entry.Key + "-0", SourcePackage.Folder(name),
                [new SourceFile($"{name}_{entry.Key}.orig{extension}", entry.Value.ToLowerInvariant())])),
        ];
    }
}
