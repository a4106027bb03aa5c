namespace PostgresHa.Specification;

/// <summary>Checksums of PostgreSQL's source archives (<c>.tar.bz2</c>) as the PostgreSQL project publishes them beside each archive.</summary>
internal static class KnownChecksums
{
    private static readonly Dictionary<string, string> Postgres = new(StringComparer.Ordinal)
    {
        ["17.2"] = "82ef27c0af3751695d7f64e2d963583005fbb6a0c3df63d0e4b42211d7021164",
        ["17.3"] = "13c18b35bf67a97bd639925fc581db7fd2aae4d3548eac39fcdb8da74ace2bea",
        ["17.4"] = "c4605b73fea11963406699f949b966e5d173a7ee0ccaef8938dec0ca8a995fe7",
        ["17.5"] = "fcb7ab38e23b264d1902cb25e6adafb4525a6ebcbd015434aeef9eda80f528d8",
        ["17.6"] = "e0630a3600aea27511715563259ec2111cd5f4353a4b040e0be827f94cd7a8b0",
        ["17.7"] = "ef9e343302eccd33112f1b2f0247be493cb5768313adeb558b02de8797a2e9b5",
        ["17.8"] = "a88d195dd93730452d0cfa1a11896720d6d1ba084bc2be7d7fc557fa4e4158a0",
        ["17.9"] = "3b9a62538a8da151e807a3ddb1198e8605f2032544d78f403ae883d27ecf1ee4",
    };

    /// <summary>The checksum of a version's source archive; null when it is not known here.</summary>
    public static string? OfPostgres(string version) => Postgres.GetValueOrDefault(version);
}
