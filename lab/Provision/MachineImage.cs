using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>
/// What virtual machines have above the layers of a container: a kernel and what comes with having one. Made once and kept.
/// </summary>
internal sealed class MachineImage(LabDefinition definition, LabPaths paths, BaseImage image, string below)
{
    private const string Script = "vm-image.sh";

    /// <summary>Where the layer is, or will be.</summary>
    public string Location => Path.Combine(paths.Cache, "vm-" + Fingerprint.Of(below, definition.KernelSuite, Scripts.Text(Script)));

    /// <summary>Whether it is there.</summary>
    public bool Exists => Directory.Exists(Location);

    /// <summary>The layers of a virtual machine's root file system, as an overlay names them.</summary>
    public string Layers => $"{Location}:{below}";

    /// <summary>A file of the kernel's.</summary>
    /// <param name="kind">What begins its name in /boot: <c>vmlinuz</c>, <c>initrd.img</c>.</param>
    /// <exception cref="LabException">There is no such file.</exception>
    public string BootFile(string kind) =>
        Directory.GetFiles(Path.Combine(Location, "boot"), kind + "-*").Order(StringComparer.Ordinal).LastOrDefault()
        ?? throw new LabException($"{Location} has no {kind}; remove it and try again");

    /// <summary>Makes it. The package repository must be running.</summary>
    public async Task BuildAsync(
        Sandbox sandbox, RepositoryService repository, MirrorSet mirrors, Action<string> say, CancellationToken cancellation)
    {
        say("kernel and devices of virtual machines");
        using var work = new WorkFolder(paths.Cache);
        var index = $"dists/{definition.KernelSuite}/InRelease";
        if (!await repository.DownloadAsync("debian/" + index, Path.Combine(work.Path, "InRelease"), cancellation))
        {
            throw new LabException(
                $"the lab's virtual machines have their kernel from {definition.KernelSuite}, and "
                + $"{mirrors.Archives["debian"]} has no {index}. "
                + $"Name a mirror that has {definition.KernelSuite} beside {image.Release} in the apt configuration of this "
                + "machine, or leave out --vm");
        }

        var made = Path.Combine(work.Path, "layer");
        var environment = new Dictionary<string, string>
        {
            ["LAB_BASE"] = below,
            ["LAB_WORK"] = work.Path,
            ["LAB_OUT"] = made,
            ["LAB_GATEWAY"] = definition.Gateway,
            ["LAB_KERNEL_SUITE"] = definition.KernelSuite,
            ["LAB_KERNEL_SOURCES"] = string.Join("\n\n", mirrors.Archives.Keys.Select(archive => image.Source(
                archive,
                archive == "debian"
                    ? [definition.KernelSuite, definition.KernelSuite + "-updates"]
                    : [definition.KernelSuite + "-security"],
                "deb"))),
            ["DEBIAN_FRONTEND"] = "noninteractive",
        };
        await Command.RequireAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, Script)]), TimeSpan.FromMinutes(15), environment, cancellation: cancellation);
        Directory.Move(made, Location);
    }
}
