using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>The rules of the hosts' firewalls. Plain computing.</summary>
public static class FirewallRules
{
    /// <summary>The rules of a host, one a line, as the tool firewall-apply takes them and a preview shows them.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    /// <param name="endpoints">Where all services answer on the host.</param>
    public static string For(ClusterSpecification cluster, HostSpecification host, IReadOnlyList<Endpoint> endpoints)
    {
        var peers = cluster.Hosts.Where(other => other.Name != host.Name).ToList();
        var lines = new List<string>();
        foreach (var port in endpoints.DistinctBy(static endpoint => (endpoint.Port, endpoint.Audience))
            .OrderBy(static endpoint => endpoint.Port))
        {
            var sources = port.Audience switch
            {
                Audience.Clients => Clients(cluster, peers),
                Audience.Peers => peers.Select(static peer => peer.Address),
                _ => [],
            };
            lines.AddRange(sources.Select(source => string.Create(CultureInfo.InvariantCulture, $"tcp {port.Port} from {source}")));
        }

        // VRRP is a protocol of its own beside TCP, and has no port.
        if (host.Vrrp)
        {
            lines.AddRange(peers.Where(static peer => peer.Vrrp).Select(static peer => $"protocol vrrp from {peer.Address}"));
        }

        return string.Concat(lines.Distinct().Select(static line => line + "\n"));
    }

    // The cluster's hosts are clients of each other: tools ask through the virtual IP. Those in a client network need no rule of their
    // own.
    private static IEnumerable<string> Clients(ClusterSpecification cluster, List<HostSpecification> peers)
    {
        var networks = new List<Ipv4Network>();
        foreach (var text in cluster.Firewall.ClientNetworks)
        {
            if (Ipv4Network.TryParse(text, out var network, out _))
            {
                networks.Add(network);
            }
        }

        var outside = peers.Where(
            peer => !(Ipv4.TryParse(peer.Address, out var address) && networks.Any(network => network.Contains(address))));
        return cluster.Firewall.ClientNetworks.Concat(outside.Select(static peer => peer.Address));
    }
}
