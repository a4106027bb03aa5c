using System.Xml.Linq;

namespace PostgresHa.Cli;

/// <summary>The versions of packages, from the one place that states them.</summary>
internal static class PackageVersions
{
    /// <summary>The version of a package.</summary>
    /// <param name="directory">Folder of <c>Directory.Packages.props</c>.</param>
    /// <param name="package">Its name.</param>
    /// <exception cref="CommandException">It is not stated.</exception>
    public static string Of(string directory, string package) =>
        (string?)XDocument.Load(Path.Combine(directory, "Directory.Packages.props")).Descendants("PackageVersion")
            .FirstOrDefault(element => (string?)element.Attribute("Include") == package)?.Attribute("Version")
        ?? throw new CommandException($"Directory.Packages.props states no version of {package}.");
}
