using PostgresHa.Specification;

namespace PostgresHa.Components.Declarations;

/// <summary>
/// Everything that the others must know of a service, before any of it exists: hosts, firewall, preflight, status and documentation read
/// it here.
/// </summary>
public sealed record ServiceDeclaration
{
    /// <summary>Its name: of its resources, and of the component that registers it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether a cluster has it. Default always.</summary>
    public Func<ClusterSpecification, bool> IsWanted { get; init; } = static _ => true;

    /// <summary>
    /// Whether its files and its unit are all there is to apply, and nothing else needs to be there before: then it needs no component of
    /// its own. Default false.
    /// </summary>
    public bool StandsAlone { get; init; }

    /// <summary>The program whose version the status tells and judges; null where none is. Default null.</summary>
    public Component? Program { get; init; }

    /// <summary>The packages it needs on a host, by that host's system. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<ServicePackage>> Packages { get; init; } = static (_, _) => [];

    /// <summary>The programs that a host compiles for it, for itself or for others. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<SourceProgram>> Compiles { get; init; } = static (_, _) => [];

    /// <summary>The folders below which it puts programs that no package brings. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<string>> ProgramFolders { get; init; } = static (_, _) => [];

    /// <summary>The users it runs as on a host, and owns files by. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<SystemUser>> Users { get; init; } = static (_, _) => [];

    /// <summary>Where it answers on a host. Default nowhere.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<Endpoint>> Endpoints { get; init; } = static (_, _) => [];

    /// <summary>Its files on a host, in the order they are written in. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<HostFile>> Files { get; init; } = static (_, _) => [];

    /// <summary>
    /// The services whose files it reads besides its own: a change of one asks of it what that file says. Default none.
    /// </summary>
    public Func<ClusterSpecification, IEnumerable<ServiceDeclaration>> Reads { get; init; } = static _ => [];

    /// <summary>What a change of one of the files of <see cref="Reads"/> asks of this service. Default what the file says.</summary>
    public Func<HostFile, FileEffect> ReadEffect { get; init; } = static file => file.OnChange;

    /// <summary>Its units on a host. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<ServiceUnit>> Units { get; init; } = static (_, _) => [];

    /// <summary>The secrets it is told besides those in its files. Default none.</summary>
    public IReadOnlyList<ClusterSecret> Secrets { get; init; } = [];

    /// <summary>
    /// The options by which the tool <c>host-report</c> asks it how it is, for the status; its units are asked anyway. Default none.
    /// </summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<string>> Report { get; init; } = static (_, _) => [];
}
