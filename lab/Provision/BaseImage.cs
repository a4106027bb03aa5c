using System.Globalization;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>The file system all hosts of a release share beneath their own; made once and kept.</summary>
internal sealed class BaseImage(LabDefinition definition, LabPaths paths, string release)
{
    /// <summary>Numeric id of the hosts' user.</summary>
    public const string UserId = "1000";

    private const string Script = "base-image.sh";
    private const string Incomplete = "=== incomplete: ";

    /// <summary>The release.</summary>
    public string Release => release;

    /// <summary>Where the newest image is, or the first one will be. The name tells images of different recipes apart.</summary>
    public string Location => Generations().TakeWhile(Directory.Exists).LastOrDefault() ?? First;

    /// <summary>Whether it is there.</summary>
    public bool Exists => Directory.Exists(Location);

    private string First => Path.Combine(paths.Cache, $"base-{release}-"
        + Fingerprint.Of(Scripts.Text(Script), Scripts.Text("apt.sh"), release, definition.User, definition.Gateway, definition.Keyring));

    /// <summary>
    /// Makes it; a further one when there is one already, since hosts that were made from that keep it. The package repository must be
    /// running.
    /// </summary>
    public async Task BuildAsync(Sandbox sandbox, MirrorSet mirrors, Action<string> say, CancellationToken cancellation)
    {
        var location = Generations().First(static path => !Directory.Exists(path));
        var target = location + ".part";
        await DiscardAsync(target, cancellation);
        var environment = new Dictionary<string, string>
        {
            ["LAB_SUITE"] = release,
            ["LAB_TARGET"] = target,
            ["LAB_ARCHIVE"] = $"http://{definition.Gateway}/debian",
            ["LAB_KEYRING"] = definition.Keyring,
            ["LAB_PACKAGES"] = string.Join(' ', definition.Packages),
            ["LAB_USER"] = definition.User,
            ["LAB_UID"] = UserId,
            ["DEBIAN_FRONTEND"] = "noninteractive",
        };
        foreach (var (sources, index) in Variants(mirrors).Select(static (sources, index) => (sources, index)))
        {
            environment[string.Create(CultureInfo.InvariantCulture, $"LAB_APT_SOURCES_{index}")] = sources;
        }

        await Command.RequireAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, Script)]),
            TimeSpan.FromMinutes(20),
            environment,
            Milestones(say),
            cancellation);
        Directory.Move(target, location);
    }

    /// <summary>Whether a suite is the release itself or its updates.</summary>
    /// <param name="suite">The suite; null for what fits any.</param>
    public bool IsOwn(string? suite) => suite is null || suite == release || suite.StartsWith(release + "-", StringComparison.Ordinal);

    /// <summary>Removes what an interrupted run left.</summary>
    public static async Task DiscardAsync(string directory, CancellationToken cancellation)
    {
        if (Directory.Exists(directory))
        {
            await Mounts.UnmountAsync(directory, cancellation);
            await Command.RequireAsync(["rm", "-rf", "--one-file-system", directory], TimeSpan.FromMinutes(3), cancellation: cancellation);
        }
    }

    private IEnumerable<string> Generations() =>
        Enumerable.Range(1, 1000).Select(number => number == 1 ? First : string.Create(CultureInfo.InvariantCulture, $"{First}-{number}"));

    // What makes an archive incomplete is that its index is ahead of its files: of security updates first, then of the others.
    private IEnumerable<string> Variants(MirrorSet mirrors)
    {
        string[] main = [.. mirrors.Suites["debian"]];
        yield return string.Join("\n\n", mirrors.Suites.Select(archive => Source(archive.Key, archive.Value, "deb")));
        yield return Source("debian", main, "deb");
        yield return Source("debian", [release], "deb");
    }

    /// <summary>apt's entry for one of the archives the lab serves.</summary>
    public string Source(string archive, IReadOnlyList<string> suites, string types) =>
        $"Types: {types}\nURIs: http://{definition.Gateway}/{archive}\nSuites: {string.Join(' ', suites)}\nComponents: main\n"
        + $"Signed-By: {definition.Keyring}";

    private Action<string> Milestones(Action<string> say)
    {
        var last = string.Empty;
        return line =>
        {
            var milestone = line switch
            {
                _ when line.StartsWith("I: Retrieving ", StringComparison.Ordinal) => "retrieving packages",
                _ when line.StartsWith("I: Extracting ", StringComparison.Ordinal) => "extracting packages",
                _ when line.StartsWith("I: Unpacking ", StringComparison.Ordinal) => "unpacking packages",
                _ when line.StartsWith("I: Configuring ", StringComparison.Ordinal) => "configuring packages",
                _ when line.StartsWith(Incomplete, StringComparison.Ordinal) =>
                    $"the mirror's archive is incomplete today: trying with fewer of {line[Incomplete.Length..].Trim()}",
                _ => last,
            };
            if (milestone != last)
            {
                last = milestone;
                say($"base image of {release}: {milestone}");
            }
        };
    }
}
