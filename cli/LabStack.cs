using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>What makes a stack a lab's: the name of the network namespace that its hosts are dialled from.</summary>
internal static class LabStack
{
    /// <summary>How that name ends; before it stands the lab's name.</summary>
    public const string Suffix = "-lab";

    /// <summary>Name of the lab whose hosts a cluster's are; null where they are no lab's.</summary>
    /// <param name="cluster">The cluster.</param>
    public static string? Name(ClusterSpecification cluster) =>
        cluster.Ssh.NetworkNamespace is { } network && network.EndsWith(Suffix, StringComparison.Ordinal) && network != Suffix
            ? network[..^Suffix.Length]
            : null;
}
