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

/// <summary>A package that the distribution must give in at least some version.</summary>
/// <param name="Package">Its name.</param>
/// <param name="Version">The least upstream version.</param>
/// <param name="Key">The configuration value that asks for the package: what to change where the distribution's is older.</param>
public sealed record LeastVersion(string Package, string Version, string Key);

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

    /// <summary>The ports it listens on, on a host.</summary>
    public required Func<ClusterSpecification, HostSpecification, IEnumerable<ServicePort>> Ports { get; init; }
}
