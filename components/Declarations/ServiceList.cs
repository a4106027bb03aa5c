using PostgresHa.Specification;

namespace PostgresHa.Components.Declarations;

/// <summary>The services, in the order in which they are applied: what the hosts need of all of them before they exist.</summary>
/// <param name="all">Their declarations.</param>
public sealed class ServiceList(IReadOnlyList<ServiceDeclaration> all)
{
    /// <summary>All that there are.</summary>
    public IReadOnlyList<ServiceDeclaration> All => all;

    /// <summary>Those that a cluster has.</summary>
    public IEnumerable<ServiceDeclaration> Of(ClusterSpecification cluster) => all.Where(service => service.IsWanted(cluster));

    /// <summary>The packages of all services on a host.</summary>
    public IReadOnlyList<ServicePackage> Packages(ClusterSpecification cluster, HostSpecification host) =>
        [.. Of(cluster).SelectMany(service => service.Packages(cluster, host))];

    /// <summary>The systemd units of all services on a host.</summary>
    public IReadOnlyList<ServiceUnit> Units(ClusterSpecification cluster, HostSpecification host) =>
        [.. Of(cluster).SelectMany(service => service.Units(cluster, host))];

    /// <summary>What a host compiles, unless it is had finished.</summary>
    public IReadOnlyList<SourceProgram> Compiles(ClusterSpecification cluster, HostSpecification host) =>
        [.. Of(cluster).SelectMany(service => service.Compiles(cluster, host))];

    /// <summary>The folders below which programs lie on a host that no package brings, each once, sorted.</summary>
    public IReadOnlyList<string> ProgramFolders(ClusterSpecification cluster, HostSpecification host) =>
    [
        .. Of(cluster).SelectMany(service => service.ProgramFolders(cluster, host))
            .Append("/usr/local").Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Where the services answer on a host, each once, by port.</summary>
    public IReadOnlyList<Endpoint> Endpoints(ClusterSpecification cluster, HostSpecification host) =>
        [.. Of(cluster).SelectMany(service => service.Endpoints(cluster, host)).Distinct().OrderBy(static endpoint => endpoint.Port)];

    /// <summary>The options of all services for the tool <c>host-report</c> on a host.</summary>
    public IReadOnlyList<string> Report(ClusterSpecification cluster, HostSpecification host) =>
        [.. Of(cluster).SelectMany(service => service.Report(cluster, host))];
}
