namespace PostgresHa.Lab.Provision;

/// <summary>The file system all hosts share beneath their own; made once and kept.</summary>
internal sealed class BaseImage(LabDefinition definition, LabPaths paths)
{
    /// <summary>Numeric id of the hosts' user.</summary>
    public const string UserId = "1000";

    private const string Script = "base-image.sh";

    /// <summary>Where the image is, or will be. The name tells images of different recipes apart.</summary>
    public string Location => Path.Combine(paths.Cache, $"base-{definition.Suite}-"
        + Fingerprint.Of(Scripts.Text(Script), definition.Suite, definition.User, definition.Gateway));

    /// <summary>Whether it is there.</summary>
    public bool Exists => Directory.Exists(Location);

    /// <summary>Makes it. The package repository must be running.</summary>
    public async Task BuildAsync(Sandbox sandbox, MirrorSet mirrors, Action<string> say, CancellationToken cancellation)
    {
        var target = Location + ".part";
        await DiscardAsync(target, cancellation);
        var environment = new Dictionary<string, string>
        {
            ["LAB_SUITE"] = definition.Suite,
            ["LAB_TARGET"] = target,
            ["LAB_ARCHIVE"] = $"http://{definition.Gateway}/debian",
            ["LAB_KEYRING"] = Prerequisites.Keyring,
            ["LAB_APT_SOURCES"] = Sources(mirrors),
            ["LAB_USER"] = definition.User,
            ["LAB_UID"] = UserId,
            ["DEBIAN_FRONTEND"] = "noninteractive",
        };
        await Command.RequireAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, Script)]),
            TimeSpan.FromMinutes(20),
            environment,
            Milestones(say),
            cancellation);
        Directory.Move(target, Location);
    }

    /// <summary>Removes what an interrupted run left.</summary>
    public static async Task DiscardAsync(string directory, CancellationToken cancellation)
    {
        if (Directory.Exists(directory))
        {
            await Mounts.UnmountAsync(directory, cancellation);
            await Command.RequireAsync(["rm", "-rf", "--one-file-system", directory], TimeSpan.FromMinutes(3), cancellation: cancellation);
        }
    }

    /// <summary>apt's configuration for the hosts; <paramref name="types"/> as apt names them.</summary>
    public string Sources(MirrorSet mirrors, string types = "deb") =>
        string.Join("\n\n", mirrors.Suites.Select(archive => Source(archive.Key, archive.Value, types)));

    /// <summary>apt's entry for one of the archives the lab serves.</summary>
    public string Source(string archive, IReadOnlyList<string> suites, string types) =>
        $"Types: {types}\nURIs: http://{definition.Gateway}/{archive}\nSuites: {string.Join(' ', suites)}\nComponents: main\n"
        + $"Signed-By: {Prerequisites.Keyring}";

    private static Action<string> Milestones(Action<string> say)
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
                _ => last,
            };
            if (milestone != last)
            {
                last = milestone;
                say("base image: " + milestone);
            }
        };
    }
}
