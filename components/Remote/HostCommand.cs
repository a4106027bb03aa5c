using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components.Remote;

/// <summary>How a command gets root's rights on the hosts of a cluster.</summary>
public static class HostCommand
{
    /// <summary>The command line by which the cluster's user runs a command as root, without being asked for a password.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="words">The command and its arguments, quoted here.</param>
    public static string AsRoot(ClusterSpecification cluster, IReadOnlyList<string> words) =>
        Shell.Join(cluster.Ssh.User == "root" ? words : ["sudo", "-n", "--", .. words]);
}
