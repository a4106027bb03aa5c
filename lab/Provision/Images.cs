namespace PostgresHa.Lab.Provision;

/// <summary>
/// What the hosts' file systems are made of: a base image for each of their releases, and what some of them have above it.
/// </summary>
internal sealed class Images(LabDefinition definition, LabPaths paths)
{
    /// <summary>The base images, one for each release, in the order of the hosts.</summary>
    public IReadOnlyList<BaseImage> Bases { get; } = [.. definition.Releases.Select(release => new BaseImage(definition, paths, release))];

    /// <summary>The base image of a host.</summary>
    public BaseImage Base(LabHost host) => Bases.First(image => image.Release == host.Release);

    /// <summary>The kernel of a host that is a virtual machine, with what comes with it.</summary>
    public MachineImage Machine(LabHost host) => new(definition, paths, Base(host), Container(host));

    /// <summary>What a host of a strict lab has above its base image.</summary>
    public StrictImage Strict(LabHost host) => new(definition, paths, Base(host));

    /// <summary>The layers of a host's root file system, as an overlay names them.</summary>
    public string Layers(LabHost host) => host.IsVirtualMachine ? Machine(host).Layers : Container(host);

    private string Container(LabHost host) => definition.IsStrict ? Strict(host).Layers : Base(host).Location;
}
