using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>
/// What strict hosts have above the base image: what can be made there as on a hardened host of the RHEL family. Made once and kept.
/// </summary>
internal sealed class StrictImage(LabDefinition definition, LabPaths paths, BaseImage image)
{
    private const string Script = "strict.sh";

    /// <summary>Where the layer is, or will be.</summary>
    public string Location =>
        Path.Combine(paths.Cache, "strict-" + Fingerprint.Of([image.Location, Scripts.Text(Script), .. definition.Packages]));

    /// <summary>Whether it is there.</summary>
    public bool Exists => Directory.Exists(Location);

    /// <summary>The layers of a strict host's root file system, as an overlay names them.</summary>
    public string Layers => $"{Location}:{image.Location}";

    /// <summary>Makes it. The package repository must be running.</summary>
    public async Task BuildAsync(Sandbox sandbox, RepositoryService repository, Action<string> say, CancellationToken cancellation)
    {
        await repository.WaitAsync(cancellation);
        say($"strict layer of {image.Release}");
        using var work = new WorkFolder(paths.Cache);
        var made = Path.Combine(work.Path, "layer");
        var environment = new Dictionary<string, string>
        {
            ["LAB_BASE"] = image.Location,
            ["LAB_WORK"] = work.Path,
            ["LAB_OUT"] = made,
            ["LAB_PACKAGES"] = string.Join(' ', definition.Packages),
            ["DEBIAN_FRONTEND"] = "noninteractive",
        };
        await Command.RequireAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, Script)]), TimeSpan.FromMinutes(5), environment, cancellation: cancellation);
        Directory.Move(made, Location);
    }
}
