using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>The archives the lab's packages come from, as found out when the base image is made.</summary>
/// <param name="Archives">Name the lab serves it by (<c>debian</c>, <c>debian-security</c>) and its mirror.</param>
/// <param name="Suites">Name and the suites it has.</param>
/// <param name="Proxy">Proxy that the machine's apt uses, or null.</param>
internal sealed record MirrorSet(
    IReadOnlyDictionary<string, string> Archives, IReadOnlyDictionary<string, IReadOnlyList<string>> Suites, string? Proxy);

/// <summary>Finds the mirrors by the machine's own apt configuration.</summary>
internal sealed partial class Mirrors(LabDefinition definition, LabPaths paths)
{
    private string Record => Path.Combine(paths.Cache, $"mirrors-{definition.Suite}.json");

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
        var main = await FirstAsync(
            client, definition.Mirror is { } given ? [given] : [.. MirrorCandidates.Main(sources, ReadList), .. Default()], definition.Suite, tried, say, cancellation)
            ?? throw new LabException(
                $"no mirror with {definition.Suite} was found. Tried: {(tried.Count == 0 ? "none" : string.Join("; ", tried))}.\n"
                + "Name one in the apt configuration of this machine, or give the lab one (LabDefinition.Mirror)");
        var archives = new Dictionary<string, string> { ["debian"] = main };
        var suites = new Dictionary<string, IReadOnlyList<string>> { ["debian"] = [definition.Suite] };
        if (await HasAsync(client, main, definition.Suite + "-updates", [], say, cancellation))
        {
            suites["debian"] = [definition.Suite, definition.Suite + "-updates"];
        }

        if (await FirstAsync(client, Security(sources), definition.Suite + "-security", tried, say, cancellation) is { } security)
        {
            archives["debian-security"] = security;
            suites["debian-security"] = [definition.Suite + "-security"];
        }

        var set = new MirrorSet(archives, suites, proxy);
        await AtomicFile.WriteAsync(Record, JsonSerializer.Serialize(set, RepositorySettings.Json) + "\n", cancellation);
        return set;
    }

    private IReadOnlyList<string> Security(IReadOnlyList<AptSource> sources) =>
        definition.Mirror is null ? MirrorCandidates.Security(sources, ReadList) : definition.SecurityMirror is { } given ? [given] : [];

    private async Task<string?> FirstAsync(
        MirrorClient client, IEnumerable<string> mirrors, string suite, List<string> tried, Action<string> say, CancellationToken cancellation)
    {
        foreach (var mirror in mirrors)
        {
            if (await HasAsync(client, mirror, suite, tried, say, cancellation))
            {
                return mirror;
            }
        }

        return null;
    }

    private async Task<bool> HasAsync(
        MirrorClient client, string mirror, string suite, List<string> tried, Action<string> say, CancellationToken cancellation)
    {
        var file = AtomicFile.Temporary(Record);
        try
        {
            if (!await client.DownloadAsync(ArchivePath.At(mirror, $"dists/{suite}/InRelease"), file, cancellation))
            {
                tried.Add($"{mirror} (it has no {suite})");
                return false;
            }

            var text = await File.ReadAllTextAsync(file, cancellation);

            // Other vendors name suites after the release, too. What counts as proof is the signature, which debootstrap and apt check.
            if (OriginPattern().IsMatch(text))
            {
                if (ExpiryPattern().Match(text) is { Success: true } match
                    && DateTimeOffset.TryParse(match.Groups[1].Value.Replace("UTC", "GMT", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var expiry)
                    && expiry < DateTimeOffset.UtcNow)
                {
                    say($"{mirror} lags: its index of {suite} was good until {expiry:yyyy-MM-dd}; taken all the same");
                }

                return true;
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

        return false;
    }

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

    [GeneratedRegex(@"^Origin: Debian$", RegexOptions.Multiline)]
    private static partial Regex OriginPattern();

    [GeneratedRegex(@"^Valid-Until: (.+)$", RegexOptions.Multiline)]
    private static partial Regex ExpiryPattern();

    [GeneratedRegex(@"^DEF_MIRROR=[""']?(https?://[^""'\s]+)", RegexOptions.Multiline)]
    private static partial Regex DefaultPattern();

    [GeneratedRegex(@"PROXY='([^']+)'")]
    private static partial Regex ProxyPattern();
}
