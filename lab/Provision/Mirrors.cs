using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>Finds the mirrors by the machine's own apt configuration.</summary>
internal sealed partial class Mirrors(LabDefinition definition, LabPaths paths, string release)
{
    // The names that move from release to release: every mirror has some of them.
    private static readonly string[] Aliases = ["oldoldstable", "oldstable", "stable", "testing", "unstable"];

    private string Record => Path.Combine(paths.Cache, $"mirrors-{release}.json");

    /// <summary>What was found last time, null when nothing was yet. Needs no network.</summary>
    public MirrorSet? Known() =>
        File.Exists(Record) ? JsonSerializer.Deserialize<MirrorSet>(File.ReadAllText(Record), RepositorySettings.Json) : null;

    /// <summary>Asks the machine's mirrors which of them has the release, and remembers it.</summary>
    /// <param name="say">Told what a reader should know of what was found.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="LabException">None has it.</exception>
    public async Task<MirrorSet> FindAsync(Action<string> say, CancellationToken cancellation)
    {
        Directory.CreateDirectory(paths.Cache);
        var proxy = await ProxyAsync(cancellation);
        using var client = new MirrorClient(proxy, attempts: 3);
        var sources = AptSources.Read();
        var tried = new List<string>();
        IReadOnlyList<string> candidates = definition.Mirror is { } given
            ? [given]
            : [.. MirrorCandidates.Main(sources, ReadList).Concat(Default()).Distinct()];
        var (main, index) = await FirstAsync(client, candidates, release, tried, say, cancellation)
            ?? throw new LabException(
                $"no mirror with {release} was found. Tried: "
                + $"{(tried.Count == 0 ? "none" : string.Join("; ", tried))}.{await OthersAsync(client, candidates, cancellation)}\n"
                + "Name one in the apt configuration of this machine, or give the lab one (LabDefinition.Mirror)");
        var archives = new Dictionary<string, string> { ["debian"] = main };
        var suites = new Dictionary<string, IReadOnlyList<string>> { ["debian"] = [release] };
        if (await IndexAsync(client, main, release + "-updates", [], say, cancellation) is not null)
        {
            suites["debian"] = [release, release + "-updates"];
        }

        if (await FirstAsync(client, Security(sources), release + "-security", tried, say, cancellation) is { Mirror: var security })
        {
            archives["debian-security"] = security;
            suites["debian-security"] = [release + "-security"];
        }

        var set = new MirrorSet(archives, suites, proxy) { Alias = Field(index, "Suite") };
        await AtomicFile.WriteAsync(Record, JsonSerializer.Serialize(set, RepositorySettings.Json) + "\n", cancellation);
        return set;
    }

    private IReadOnlyList<string> Security(IReadOnlyList<AptSource> sources) =>
        definition.Mirror is null ? MirrorCandidates.Security(sources, ReadList) : definition.SecurityMirror is { } given ? [given] : [];

    // What there is in place of a release that there is not.
    private async Task<string> OthersAsync(MirrorClient client, IReadOnlyList<string> mirrors, CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var mirror in mirrors)
        {
            foreach (var alias in Aliases)
            {
                if (await IndexAsync(client, mirror, alias, [], static _ => { }, cancellation) is { } index
                    && Field(index, "Codename") is { } name)
                {
                    found.Add(name);
                }
            }
        }

        return found.Count == 0 ? string.Empty : $" There is: {string.Join(", ", found.Distinct())}.";
    }

    private async Task<(string Mirror, string Index)?> FirstAsync(
        MirrorClient client, IEnumerable<string> mirrors, string suite, List<string> tried, Action<string> say,
        CancellationToken cancellation)
    {
        foreach (var mirror in mirrors)
        {
            if (await IndexAsync(client, mirror, suite, tried, say, cancellation) is { } index)
            {
                return (mirror, index);
            }
        }

        return null;
    }

    // Null where the mirror has none.
    private async Task<string?> IndexAsync(
        MirrorClient client, string mirror, string suite, List<string> tried, Action<string> say, CancellationToken cancellation)
    {
        var file = AtomicFile.Temporary(Record);
        try
        {
            if (!await client.DownloadAsync(ArchivePath.At(mirror, $"dists/{suite}/InRelease"), file, cancellation))
            {
                tried.Add($"{mirror} (it has no {suite})");
                return null;
            }

            var text = await File.ReadAllTextAsync(file, cancellation);

            // Other vendors name suites after the release, too. What counts as proof is the signature, which debootstrap and apt check.
            if (Field(text, "Origin") == "Debian")
            {
                if (Field(text, "Valid-Until") is { } until
                    && DateTimeOffset.TryParse(
                        until.Replace("UTC", "GMT", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var expiry)
                    && expiry < DateTimeOffset.UtcNow)
                {
                    say($"{mirror} lags: its index of {suite} was good until {expiry:yyyy-MM-dd}; taken all the same");
                }

                return text;
            }

            tried.Add($"{mirror} ({suite} there is another vendor's)");
        }
        catch (HttpRequestException error)
        {
            tried.Add($"{mirror} ({error.Message})");
        }
        finally
        {
            File.Delete(file);
        }

        return null;
    }

    private static string? Field(string index, string name) =>
        Regex.Match(index, $"^{name}: (.+)$", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value.Trim() : null;

    /// <summary>The mirror debootstrap would use by itself: on another distribution the machine's own sources are no help.</summary>
    private static IEnumerable<string> Default() =>
        Command.Find("debootstrap") is { } program && DefaultPattern().Match(File.ReadAllText(program)) is { Success: true } match
            ? [match.Groups[1].Value]
            : [];

    private static IEnumerable<string> ReadList(string path) => File.Exists(path) ? File.ReadLines(path) : [];

    private static async Task<string?> ProxyAsync(CancellationToken cancellation)
    {
        if (Command.Find("apt-config") is null)
        {
            return null;
        }

        var text = await Command.RequireAsync(["apt-config", "shell", "PROXY", "Acquire::http::Proxy"], cancellation: cancellation);
        var match = ProxyPattern().Match(text);
        return match.Success && match.Groups[1].Value is var proxy && proxy != "DIRECT" ? proxy : null;
    }

    [GeneratedRegex(@"^DEF_MIRROR=[""']?(https?://[^""'\s]+)", RegexOptions.Multiline)]
    private static partial Regex DefaultPattern();

    [GeneratedRegex(@"PROXY='([^']+)'")]
    private static partial Regex ProxyPattern();
}
