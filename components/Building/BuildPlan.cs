using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components.Building;

/// <summary>Which host compiles for which: an archive fits the hosts of one system family.</summary>
public static class BuildPlan
{
    /// <summary>The host that compiles for a host; the host itself when each compiles its own.</summary>
    /// <param name="place">Where the build happens.</param>
    /// <param name="hosts">The hosts that run the program, in the order of the stack file.</param>
    /// <param name="host">One of them.</param>
    public static HostSpecification Builder(BuildPlace place, IReadOnlyList<HostSpecification> hosts, HostSpecification host) =>
        place == BuildPlace.EachHost ? host : hosts.First(other => other.System == host.System);

    /// <summary>Whether a host compiles for others too, and so hands out what it has built.</summary>
    /// <param name="place">Where the build happens.</param>
    /// <param name="hosts">The hosts that run the program, in the order of the stack file.</param>
    /// <param name="host">One of them.</param>
    public static bool Serves(BuildPlace place, IReadOnlyList<HostSpecification> hosts, HostSpecification host) =>
        hosts.Any(other => other.Name != host.Name && Builder(place, hosts, other).Name == host.Name);

    /// <summary>Where a host hands out what it has built, while it does; the same for everything it builds.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static Endpoint Artefacts(ClusterSpecification cluster, HostSpecification host) =>
        Endpoint.Http(host.Address, cluster.Ports.Artefacts, Audience.Peers);

    /// <summary>
    /// The lines of a build's output that tell one archive from another. What else it says differs from run to run and must not make the
    /// others run again.
    /// </summary>
    /// <param name="output">What the tool printed.</param>
    /// <param name="prefix">What the wanted lines begin with: <c>archive=</c> or <c>installed=</c>.</param>
    public static string Lines(string output, string prefix) =>
        string.Concat(
            output.Split('\n').Select(static line => line.Trim()).Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
                .Select(static line => line + "\n"));
}
