using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>
/// The Go libraries of a release newer than the hosts', for an etcd that is packaged for them: whether it compiles with them on the hosts'
/// own release, and what a host's package manager must know to install them. Found out by compiling it once, and kept.
/// </summary>
internal sealed class LibraryProof(LabDefinition definition, LabPaths paths, Sandbox sandbox, RepositoryService repository)
{
    private const string Script = "libraries.sh";

    /// <summary>
    /// The files that a host gets, above its root; null when it needs none for the etcd that the lab serves, or they are not made yet.
    /// </summary>
    /// <param name="definition">The lab.</param>
    /// <param name="paths">Its files.</param>
    /// <param name="image">What the host is made from.</param>
    /// <param name="versions">What it serves.</param>
    public static string? Files(LabDefinition definition, LabPaths paths, BaseImage image, LabVersions? versions) =>
        versions?.Etcd is { LibrariesSuite: { } suite } etcd && !image.IsOwn(suite)
            && Location(definition, paths, image, etcd.Version, suite) is var location && Directory.Exists(location)
            ? location
            : null;

    /// <summary>Whether all that a host needs for the etcd that the lab serves is made.</summary>
    /// <param name="definition">The lab.</param>
    /// <param name="paths">Its files.</param>
    /// <param name="image">What the host is made from.</param>
    /// <param name="versions">What the lab serves.</param>
    public static bool IsComplete(LabDefinition definition, LabPaths paths, BaseImage image, LabVersions versions) =>
        image.IsOwn(versions.Etcd?.LibrariesSuite) || Files(definition, paths, image, versions) is not null;

    /// <summary>Whether a version compiles with a release's libraries.</summary>
    /// <param name="image">What it is compiled on.</param>
    /// <param name="version">The version.</param>
    /// <param name="archive">The authors' archive.</param>
    /// <param name="patches">The release's patches.</param>
    /// <param name="suite">The release.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<bool> CompilesAsync(
        BaseImage image, string version, string archive, string patches, string suite, Action<string> say, CancellationToken cancellation)
    {
        var location = Location(definition, paths, image, version, suite);
        if (Directory.Exists(location))
        {
            return true;
        }

        await repository.WaitAsync(cancellation);
        say($"etcd {version}: trying whether it compiles on {image.Release} with the libraries of {suite}");
        using var work = new WorkFolder(paths.Cache);
        var made = Path.Combine(work.Path, "files");
        var compile = Path.Combine(work.Path, "compile");
        Directory.CreateDirectory(compile);
        File.Copy(archive, Path.Combine(compile, "source.tar.gz"));
        File.Copy(patches, Path.Combine(compile, "patches.tar.xz"));
        await File.WriteAllTextAsync(Path.Combine(compile, "compile.sh"), definition.EtcdBuild.Script, cancellation);
        var environment = new Dictionary<string, string>
        {
            ["LAB_BASE"] = image.Location,
            ["LAB_WORK"] = work.Path,
            ["LAB_OUT"] = made,
            ["LAB_SUITE"] = suite,
            ["LAB_SOURCES"] = image.Source("debian", [suite], "deb"),
            ["LAB_COMPILE"] = compile,
            ["LAB_VERSION"] = version,
            ["LAB_PACKAGES"] = string.Join(' ', definition.EtcdBuild.Packages),
            ["DEBIAN_FRONTEND"] = "noninteractive",
        };
        var result = await Command.RunAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, Script)]), TimeSpan.FromMinutes(15), environment, cancellation: cancellation);
        if (result.ExitCode == 0)
        {
            Directory.Move(made, location);
            return true;
        }

        var log = Path.Combine(paths.Logs, $"etcd-{version}-{image.Release}-{suite}.log");
        Directory.CreateDirectory(paths.Logs);
        await AtomicFile.WriteAsync(log, result.Output + result.Error, cancellation);
        say($"etcd {version} does not compile on {image.Release} with the libraries of {suite} today ({log})");
        return false;
    }

    private static string Location(LabDefinition definition, LabPaths paths, BaseImage image, string version, string suite) => Path.Combine(
        paths.Cache,
        "libraries-" + Fingerprint.Of(
            [image.Location, suite, version, Scripts.Text(Script), definition.EtcdBuild.Script, .. definition.EtcdBuild.Packages]));
}
