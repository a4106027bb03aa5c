namespace PostgresHa.Cli.Bill;

/// <summary>Package URLs (purl), by which readers of a bill know a package.</summary>
internal static class PackageUrl
{
    /// <summary>A package of a distribution: <c>pkg:deb/debian/haproxy@3.0.11-1?arch=amd64&amp;distro=debian-13</c>.</summary>
    /// <param name="type"><c>deb</c> or <c>rpm</c>.</param>
    /// <param name="system">The distribution.</param>
    /// <param name="package">The package.</param>
    public static string Of(string type, InstalledSystem system, InstalledPackage package)
    {
        string[] qualifiers =
        [
            $"arch={Escape(package.Architecture)}",
            .. system.Version.Length > 0 ? [$"distro={Escape($"{system.Id}-{system.Version}")}"] : Array.Empty<string>(),
            // In the Debian family it is part of the version.
            .. package.Epoch is "0" or "" ? Array.Empty<string>() : [$"epoch={Escape(package.Epoch)}"],
        ];
        return $"pkg:{type}/{Escape(system.Id)}/{Escape(package.Name)}@{Escape(package.Version)}?{string.Join('&', qualifiers)}";
    }

    /// <summary>A package of Python's index.</summary>
    public static string Python(string name, string version) =>
        $"pkg:pypi/{Escape(name.ToLowerInvariant().Replace('_', '-'))}@{Escape(version)}";

    /// <summary>A Go module.</summary>
    public static string Go(string path, string version) =>
        $"pkg:golang/{string.Join('/', path.ToLowerInvariant().Split('/').Select(Escape))}@{Escape(version)}";

    // The specification has a colon stand for itself.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal);
}
