namespace PostgresHa.Specification;

/// <summary>
/// SHA-256 checksums of the projects' archives, so that a stack file need not repeat them. Those of PostgreSQL and of etcd's releases are
/// as published.
/// </summary>
public static class KnownChecksums
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
        ["17.10"] = "078a03516dcdbdb705fecaf415ea3d13a956c589e46f09fed68a06fb00598c90",
        ["17.11"] = "dd27f2b3c59e73ed14aa3324901242bf69a032a6347805f274e6260322d42979",
        ["17.12"] = "9cf136a703d8ee2f83465c43be4e9e8e7930c82b0bfba13be7e2537be769ac55",
    };

    // None is published for a tag's archive. These are of the tag's tree, packed as the project's host packs it (git archive, gzip -n);
    // for 3.5.16 that gives, byte for byte, the archive a distribution downloaded and signed.
    private static readonly Dictionary<string, string> EtcdSources = new(StringComparer.Ordinal)
    {
        ["3.5.12"] = "90b56a7f2f43a993d420954322e607a6e6a0ca5549f1f7c7dc3567d2f56678d9",
        ["3.5.13"] = "3cbbc0690f518300782bc572a1c89d085c4b5482bfcba57b2f2ecec0f4d40db4",
        ["3.5.14"] = "3d8898d52f028c85b55976ec7e9a12efe6c252fcbfe6e0f8a0ffe2533293dc3f",
        ["3.5.15"] = "bfc9c90f103acd47b0dca2840d4b69af68cb39f22893bef0f4fb5c5351314b84",
        ["3.5.16"] = "665f67999b34fa6ab2c0dfabcc5029887316614431bed2f9f3ae128ae587a0eb",
        ["3.5.17"] = "d1b7e01b6b8d1cfa988edf2b1947c1b0af4e77b6e6b61ff1f469e1884d50ee51",
        ["3.5.18"] = "8c8890b15c1a19263ab4ee2b374698c1d76c2b31e9b55bdeea47193aa48d8025",
        ["3.5.19"] = "b4053d044c487c154d7d5a818ea417bb3fb81732ed47ad5b8cd3873532fbf043",
        ["3.5.20"] = "bac28954e4e4caece6ee1bae783af9141e91451d8f46839e2d0efc6326c73bb9",
        ["3.5.21"] = "76d7fcafe4fcc957fcd45671226b992c16e5f5e724935dea9df0190ac2b13481",
        ["3.5.22"] = "67363bc952e211fc710c0490b252cfe9ed737fa6f7cc697013609702fc1f8e31",
        ["3.5.23"] = "b75a682e00db5f3b5183046c4d5ed86e2e4bc6f494dbd9a867155aa02a6a922d",
        ["3.5.24"] = "2c470bbe4b75a8dc3b91c8d28cf0b1b6d099944b9e71263c1e41a8c4dd64acb8",
        ["3.5.25"] = "5aeac713e743f478f2b10f3bcbf4160202ce832d5d0e4dcd9fac01a382df5a9f",
        ["3.5.26"] = "7e1d05825b52c66cb82b1f42aadb5fda5f11c6628d7411989ab67f0c91ff3935",
        ["3.5.27"] = "aa0cd1baf203f6ccb3c56ac4d0c61ed2b0cca4995c2541b884b383d330176ff7",
        ["3.5.28"] = "c1e873c174c44de5fb148024d3ad741cae11548b5b6d2ac36a003289e55024be",
        ["3.5.29"] = "aeb03c41d6752c4e31d526b2176c919af8b5ca644fa507083906c56c92cd5303",
        ["3.5.30"] = "d609806db7340c44e84f94ec9078ffd4b00a182b23ac50b99399a0b079303bbc",
        ["3.5.31"] = "a3338952ddfdac7bf44c717d52ad5b6a05da1e7405529b684c9d430163035612",
        ["3.5.32"] = "dfcd2fee36f008b2e26deef8b1180e06c7c400f7a4c25951c33044f8af8ab0bd",
        ["3.5.33"] = "4bd8f588fb65033c23f6fac9b9a5ff4812ae2b6f77359fbe6d0eb2f1803d1d50",
    };

    private static readonly Dictionary<string, string> EtcdReleases = new(StringComparer.Ordinal)
    {
        ["3.5.12"] = "f2ff0cb43ce119f55a85012255609b61c64263baea83aa7c8e6846c0938adca5",
        ["3.5.13"] = "31e6fcbee0e8c3df27cf1ba69b522e338377f5ed6447f5d05700aee367f3b7e7",
        ["3.5.14"] = "b0b34298f53f6830f08e7ddc57fc74dc45563216a66e94d9e6b0b9e0b0281b34",
        ["3.5.15"] = "3f6b48d8c2844699f2b19c1880508ecf63e1489769ed37ebb97495d5cd848a89",
        ["3.5.16"] = "b414b27a5ad05f7cb01395c447c85d3227e3fb1c176e51757a283b817f645ccc",
        ["3.5.17"] = "eff6ac621d41711085d0f38fab17d8fa3705f6326c3ff11301a1f5a71fc94edd",
        ["3.5.18"] = "6ddde039a7a506badf34e7edfb38e1ea90e36f05c8cfceba602045df623d86fa",
        ["3.5.19"] = "16ae742def5f330800590e8d505d72830a3b0b7012e559e6bd76f0bc9864bf42",
        ["3.5.20"] = "9ac85616fb8c0e45f485074dde0258ca2b7b42f1dd5320821af5a8b66daf7072",
        ["3.5.21"] = "adddda4b06718e68671ffabff2f8cee48488ba61ad82900e639d108f2148501c",
        ["3.5.22"] = "20174ab70a6f3df94da13ecac4610f42c47d25af82426f21c112c2c841ec499a",
        ["3.5.23"] = "8b50d62d38cb2de005b42227dd14b33f6e01758970f248f9257789ecfaf634c9",
        ["3.5.24"] = "042497e2ddcee06f22e5d486d81f58affa26b53ee423e2a6aaca3d3ea98c8191",
        ["3.5.25"] = "168af82b59772e1811a9af7b358d42f5c6df44e0d9767afb006ecf12c4bbd607",
        ["3.5.26"] = "0a682a91201dc8351d507210bc30b021a11e254eab806f03224b51e8fad29abb",
        ["3.5.27"] = "0aad9a9e4e0817a021e933f9806a2b2960a62f949ad5a3d6436d8886945cb1bc",
        ["3.5.28"] = "e11b6fab2ffbf0a1d6ee8f6227594045a19e0974ec779c42b8b5bb1942b2abe0",
        ["3.5.29"] = "7692f812db0bfeee3a731c45046864cf729e552bad82ce7cb5b507053d033267",
        ["3.5.30"] = "a495115162845640be08c6cda069ff961260dbced53207c5a83b1b006ff2ea8e",
        ["3.5.31"] = "e76b75c73b10196dfeb1c52fcdf9f4014e51f3082f65f28fb2e69a7bec1f916b",
        ["3.5.32"] = "83532f9290ee89106c4c9d0467220f65623c1faadaab800d727f7beccce4d7dd",
        ["3.5.33"] = "5025b5b24d81a9616b6e284ccd439b9a3df055ef8fdcdc142af3ec8f6a3b3c95",
    };

    /// <summary>PostgreSQL's source archives by version.</summary>
    public static IReadOnlyDictionary<string, string> OfAllPostgres => Postgres;

    /// <summary>The checksum of PostgreSQL's source archive, <c>postgresql-VERSION.tar.bz2</c>; null when it is not known here.</summary>
    public static string? OfPostgres(string version) => Postgres.GetValueOrDefault(version);

    /// <summary>The checksum of the source archive of etcd's tag, <c>vVERSION.tar.gz</c>; null when it is not known here.</summary>
    public static string? OfEtcdSource(string version) => EtcdSources.GetValueOrDefault(version);

    /// <summary>The checksum of etcd's release archive, <c>etcd-vVERSION-linux-amd64.tar.gz</c>; null when it is not known here.</summary>
    public static string? OfEtcdRelease(string version) => EtcdReleases.GetValueOrDefault(version);
}
