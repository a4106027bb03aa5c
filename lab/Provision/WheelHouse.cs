namespace PostgresHa.Lab.Provision;

/// <summary>
/// The wheels of a release that are served under <c>/simple/</c>: Patroni, its etcd3 client and its PostgreSQL driver, with all they need.
/// Each is tagged for the release's Python, so that hosts of several releases find theirs in one index.
/// </summary>
internal sealed class WheelHouse(LabDefinition definition, LabPaths paths, Sandbox sandbox, BaseImage image)
{
    private static readonly string[] Packages =
    [
        "python3-click", "python3-dateutil", "python3-dnspython", "python3-etcd", "python3-prettytable", "python3-psutil",
        "python3-psycopg2",
        "python3-six", "python3-urllib3", "python3-wcwidth", "python3-yaml", "python3-ydiff",
    ];

    /// <summary>
    /// Where those of a Patroni are, or will be. One folder for each and each image: pip would rather take a newer version than the
    /// image's.
    /// </summary>
    /// <param name="patroni">Patroni's archive or package; null for none, when there is an empty folder.</param>
    public string Location(string? patroni) => Path.Combine(paths.Cache, "wheels-" + Fingerprint.Of(
        image.Location, Path.GetFileName(patroni), Scripts.Text("wheels.sh"), Scripts.Text("wheels.py")));

    /// <summary>
    /// Makes them from Patroni's source archive, or the distribution's package of it, and the distribution's packages of what it needs.
    /// </summary>
    /// <param name="patroni">Patroni's archive or package.</param>
    /// <param name="newer">Suites that may have a package that the release does not have yet, the nearest first.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task BuildAsync(string patroni, IEnumerable<string> newer, Action<string> say, CancellationToken cancellation)
    {
        say($"wheels of Patroni and what it needs, for {image.Release}");
        using var work = new WorkFolder(paths.Cache);
        var made = Path.Combine(work.Path, "wheels");
        var environment = new Dictionary<string, string>
        {
            ["LAB_BASE"] = image.Location,
            ["LAB_WORK"] = work.Path,
            ["LAB_OUT"] = made,
            ["LAB_SCRIPTS"] = paths.Scripts,
            ["LAB_PATRONI"] = patroni,
            ["LAB_PYTHON_PACKAGES"] = string.Join(' ', Packages),
            ["LAB_NEWER"] = string.Join(' ', newer),
            ["LAB_GATEWAY"] = definition.Gateway,
            ["LAB_KEYRING"] = definition.Keyring,
            ["DEBIAN_FRONTEND"] = "noninteractive",
        };
        await Command.RequireAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, "wheels.sh")]),
            TimeSpan.FromMinutes(10),
            environment,
            cancellation: cancellation);

        Directory.Move(made, Location(patroni));
    }
}
