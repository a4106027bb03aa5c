using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>Finds stacks that would work on the same hosts or take the same virtual IP: each would undo the other.</summary>
internal static class StackClashes
{
    /// <summary>One sentence for each address that a stack shares with another.</summary>
    /// <param name="stacks">Specifications by name of the stack.</param>
    /// <param name="about">The stack whose clashes alone are of interest; null for all.</param>
    public static IEnumerable<string> Find(IReadOnlyDictionary<string, ClusterSpecification> stacks, string? about)
    {
        var taken = new Dictionary<(string Network, string Address), (string Stack, string Place)>();
        foreach (var (stack, cluster) in stacks.OrderBy(pair => pair.Key == about).ThenBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var (place, address) in Addresses(cluster))
            {
                if (taken.TryGetValue((Network(cluster), address), out var other))
                {
                    if (other.Stack != stack && (about is null || about == stack))
                    {
                        yield return $"{stack}: {place}: {address} is also {other.Place} of stack {other.Stack}; "
                            + "give each stack its own hosts and VIP, or remove the file of the one that is no more.";
                    }
                }
                else
                {
                    taken.Add((Network(cluster), address), (stack, place));
                }
            }
        }
    }

    private static IEnumerable<(string Place, string Address)> Addresses(ClusterSpecification cluster) =>
    [
        .. cluster.Hosts.Select(
            static (host, index) => (string.Create(CultureInfo.InvariantCulture, $"hosts[{index}].address"), host.Address)),
        ("vip.address", cluster.Vip.Address),
    ];

    // Behind another bastion, or in a network namespace, the same address is another host.
    private static string Network(ClusterSpecification cluster) => $"{cluster.Ssh.NetworkNamespace} {cluster.Ssh.Bastion?.Address}";
}
