namespace PostgresHa.Lab.Provision;

/// <summary>One entry of the machine's apt configuration.</summary>
/// <param name="Types"><c>deb</c>, <c>deb-src</c>.</param>
/// <param name="Uris">Base URLs.</param>
/// <param name="Suites">Releases, such as <c>bookworm-updates</c>.</param>
/// <param name="Components">Such as <c>main</c>.</param>
public sealed record AptSource(
    IReadOnlyList<string> Types, IReadOnlyList<string> Uris, IReadOnlyList<string> Suites, IReadOnlyList<string> Components);

/// <summary>Reads apt's source lists in both of their formats.</summary>
public static class AptSources
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The enabled entries of one-line style text (<c>*.list</c>).</summary>
    public static IReadOnlyList<AptSource> ParseList(string text)
    {
        var sources = new List<AptSource>();
        foreach (var line in text.Split('\n'))
        {
            var words = Words(WithoutOptions(line.Split('#')[0]));
            if (words.Count >= 3 && words[0] is "deb" or "deb-src")
            {
                sources.Add(new AptSource([words[0]], [words[1]], [words[2]], [.. words.Skip(3)]));
            }
        }

        return sources;
    }

    /// <summary>The enabled entries of deb822 style text (<c>*.sources</c>).</summary>
    public static IReadOnlyList<AptSource> ParseDeb822(string text)
    {
        var sources = new List<AptSource>();
        var lines = text.Replace("\r", string.Empty, StringComparison.Ordinal).Split('\n').Where(line => !line.StartsWith('#'))
            .Append(string.Empty);
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? current = null;
        foreach (var line in lines)
        {
            if (line.Trim().Length == 0)
            {
                Add(sources, fields);
                fields.Clear();
                current = null;
            }
            else if (Blanks.Contains(line[0]) && current is not null)
            {
                fields[current] += " " + line.Trim();
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                current = line[..colon].Trim();
                fields[current] = line[(colon + 1)..].Trim();
            }
        }

        return sources;
    }

    /// <summary>Everything the machine's apt configuration names.</summary>
    /// <param name="folder">Folder of the configuration. Default <c>/etc/apt</c>.</param>
    public static IReadOnlyList<AptSource> Read(string folder = "/etc/apt")
    {
        var parts = Path.Combine(folder, "sources.list.d");
        var files = Directory.Exists(parts) ? Directory.GetFiles(parts).Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        var sources = new List<AptSource>();
        foreach (var file in files.Prepend(Path.Combine(folder, "sources.list")).Where(File.Exists))
        {
            sources.AddRange(Path.GetExtension(file) switch
            {
                ".list" => ParseList(File.ReadAllText(file)),
                ".sources" => ParseDeb822(File.ReadAllText(file)),
                _ => [],
            });
        }

        return sources;
    }

    private static void Add(List<AptSource> sources, Dictionary<string, string> fields)
    {
        if (fields.TryGetValue("Types", out var types) && fields.TryGetValue("URIs", out var uris)
            && fields.TryGetValue("Suites", out var suites)
            && fields.GetValueOrDefault("Enabled", "yes").ToLowerInvariant() is not ("no" or "false" or "0"))
        {
            sources.Add(new AptSource(
                Words(types), Words(uris), Words(suites), Words(fields.GetValueOrDefault("Components", string.Empty))));
        }
    }

    /// <summary>The line without its <c>[arch=… signed-by=…]</c>.</summary>
    private static string WithoutOptions(string line)
    {
        var open = line.IndexOf('[', StringComparison.Ordinal);
        var close = line.IndexOf(']', StringComparison.Ordinal);
        return open > 0 && close > open ? line[..open] + " " + line[(close + 1)..] : line;
    }

    private static List<string> Words(string text) =>
        [.. text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
