using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PostgresHa.Lab.Repository;

/// <summary>A package index as pip reads it (PEP 503), over folders of wheels.</summary>
public static partial class PythonIndex
{
    /// <summary>The project's name in the one spelling that names are compared in: <c>PyYAML</c> is <c>pyyaml</c>.</summary>
    public static string Normalise(string project) => SeparatorPattern().Replace(project, "-").ToLowerInvariant();

    /// <summary>The project a wheel belongs to, normalised; null when the file is no wheel.</summary>
    /// <param name="file">File name, such as <c>psycopg2_binary-2.9.10-cp313-cp313-linux_x86_64.whl</c>.</param>
    public static string? ProjectOf(string file)
    {
        var match = WheelPattern().Match(file);
        return match.Success ? Normalise(match.Groups["name"].Value) : null;
    }

    /// <summary>The page that lists all projects.</summary>
    public static string Projects(IEnumerable<string> files) => Page(
        files.Select(ProjectOf).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(name => (name, name + "/")));

    /// <summary>The page that lists the files of one project, each with its checksum; null when there is none.</summary>
    /// <param name="folders">Folders of wheels; of two that have a file of one name the first one's is taken.</param>
    /// <param name="project">Project as asked for.</param>
    public static string? Files(IEnumerable<string> folders, string project)
    {
        var files = folders.SelectMany(static folder => new DirectoryInfo(folder).GetFiles("*.whl"))
            .Where(file => ProjectOf(file.Name) == Normalise(project)).DistinctBy(static file => file.Name).ToList();
        return files.Count == 0
            ? null
            : Page(files.OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => (file.Name, $"{Uri.EscapeDataString(file.Name)}#sha256={Checksum(file)}")));
    }

    private static string Page(IEnumerable<(string Text, string Address)> links)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"1.0\"></head><body>\n");
        foreach (var (text, address) in links)
        {
            page.Append("<a href=\"").Append(WebUtility.HtmlEncode(address)).Append("\">").Append(WebUtility.HtmlEncode(text))
                .Append("</a><br>\n");
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static string Checksum(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    [GeneratedRegex("[-_.]+")]
    private static partial Regex SeparatorPattern();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9._]*)-[^-]+(-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$")]
    private static partial Regex WheelPattern();
}
