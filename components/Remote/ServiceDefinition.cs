using PostgresHa.Specification;

namespace PostgresHa.Components.Remote;

/// <summary>Who may connect to a port.</summary>
public enum PortAudience
{
    /// <summary>The networks of <see cref="FirewallSpecification.ClientNetworks"/>, and the cluster's hosts.</summary>
    Clients,

    /// <summary>The cluster's hosts only.</summary>
    Peers,

    /// <summary>The host itself only; never opened.</summary>
    Local,
}

/// <summary>A TCP port a service listens on.</summary>
/// <param name="Port">Its number.</param>
/// <param name="Audience">Who may connect.</param>
public sealed record ServicePort(int Port, PortAudience Audience);

/// <summary>A package that a host must have, or get, in at least some version.</summary>
/// <param name="Package">Its name.</param>
/// <param name="Version">The least upstream version.</param>
/// <param name="Key">The configuration value that asks for it: what to change where a host's is older; null where nothing in the stack file does.</param>
public sealed record LeastVersion(string Package, string Version, string? Key = null)
{
    /// <summary>What an older one does not do, for the preflight to remark; null (the default) where an older one is refused.</summary>
    public string? Lacks { get; init; }
}

/// <summary>A program that a host compiles, unless it is had finished.</summary>
/// <param name="Name">Its name, which its finished builds begin with.</param>
/// <param name="Version">Its version.</param>
/// <param name="Installed">A file that is there where it is installed already; a pattern of the shell, without blanks.</param>
/// <param name="Packages">The packages that compiling it needs.</param>
public sealed record SourceProgram(string Name, string Version, string Installed, IReadOnlyList<string> Packages);

/// <summary>
/// What the others must know of a service before any of it exists: packages for the one transaction, ports for preflight and firewall, units that no other
/// program may restart.
/// </summary>
public sealed record ServiceDefinition
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The packages it needs on a host, by that host's system.</summary>
    public required Func<ClusterSpecification, HostSpecification, IEnumerable<string>> Packages { get; init; }

    /// <summary>Its systemd units on a host; nobody but us restarts them. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<string>> Units { get; init; } = static (_, _) => [];

    /// <summary>Those packages of the distribution on a host whose upgrade restarts it. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<string>> RestartingPackages { get; init; } = static (_, _) => [];

    /// <summary>Which of the packages must have at least some version. Default: none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<LeastVersion>> LeastVersions { get; init; } = static (_, _) => [];

    /// <summary>The programs that a host compiles for it, for itself or for others. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<SourceProgram>> Compiles { get; init; } = static (_, _) => [];

    /// <summary>The folders below which it puts programs that no package brings. Default none.</summary>
    public Func<ClusterSpecification, HostSpecification, IEnumerable<string>> ProgramFolders { get; init; } = static (_, _) => [];

    /// <summary>The ports it listens on, on a host.</summary>
    public required Func<ClusterSpecification, HostSpecification, IEnumerable<ServicePort>> Ports { get; init; }
}
