using PostgresHa.Specification;

namespace PostgresHa.Components.Remote;

/// <summary>What every service's component needs.</summary>
public record ComponentArgs
{
    /// <summary>The hosts of the cluster, all of them, prepared; the component chooses those that run the service.</summary>
    public required IReadOnlyList<Host> Hosts { get; init; }

    /// <summary>The cluster they are.</summary>
    public ClusterSpecification Cluster => Hosts[0].Cluster;
}
