using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>The virtual IP, and who may hold it.</summary>
internal static class VipRules
{
    public static void Check(ClusterSpecification draft, Findings findings)
    {
        CheckAddress(draft, findings);
        if (!findings.Good("hosts"))
        {
            return;
        }

        var holders = draft.VrrpHosts;
        if (draft.Hosts.Count >= 3 && holders.Count < 2)
        {
            findings.Add(
                "hosts",
                null,
                $"has {holders.Count.ToString(CultureInfo.InvariantCulture)} with vrrp: true",
                "let at least two hosts hold the VIP");
        }

        if (VrrpPlan.Gap(holders) > 0)
        {
            for (var i = 0; i < draft.Hosts.Count; i++)
            {
                var host = draft.Hosts[i];
                var path = $"hosts[{i}].priority";
                if (host.Vrrp && host.Priority < VrrpPlan.LowestPriority && findings.Good(path))
                {
                    findings.Add(
                        path,
                        host.Priority.ToString(CultureInfo.InvariantCulture),
                        "leaves no room below it for a host whose check fails",
                        string.Create(CultureInfo.InvariantCulture, $"use priorities from {VrrpPlan.LowestPriority} to 254"));
                }
            }
        }
    }

    private static void CheckAddress(ClusterSpecification draft, Findings findings)
    {
        var vip = draft.Vip;
        var path = "vip.address";
        if (!findings.Good(path))
        {
            return;
        }

        if (HostRules.Problem(vip.Address) is { } problem)
        {
            findings.Add(path, Scalars.Show(vip.Address), problem, vip.Address.Contains('/', StringComparison.Ordinal)
                ? "write the address here and the prefix length in vip.prefix"
                : "write a free IPv4 address of the hosts' network, for instance 10.0.12.10");
            return;
        }

        var owner = IndexOf(draft.Hosts, vip.Address);
        if (owner >= 0)
        {
            findings.Add(
                path,
                vip.Address,
                string.Create(CultureInfo.InvariantCulture, $"is the address of hosts[{owner}] ({draft.Hosts[owner].Name})"),
                "use a free address of the hosts' network");
        }

        if (!findings.Good("vip.prefix"))
        {
            return;
        }

        var address = Ipv4.TryParse(vip.Address, out var number) ? number : 0;
        var network = Ipv4Network.Of(address, vip.Prefix);
        if (Edge(network, address) is { } edge)
        {
            findings.Add(path, vip.Address, edge, "use a free address between them, or correct vip.prefix");
        }

        if (findings.Good("hosts"))
        {
            CheckHosts(draft, findings, network);
        }
    }

    private static void CheckHosts(ClusterSpecification draft, Findings findings, Ipv4Network network)
    {
        for (var i = 0; i < draft.Hosts.Count; i++)
        {
            var host = draft.Hosts[i];
            var path = $"hosts[{i}].address";
            if (!host.Vrrp || !findings.Good(path) || !Ipv4.TryParse(host.Address, out var address))
            {
                continue;
            }

            if (!network.Contains(address))
            {
                findings.Add(
                    path,
                    host.Address,
                    $"is outside the VIP's network {network}, so the host cannot hold the VIP",
                    "set vrrp: false on the host, or correct vip.address or vip.prefix");
            }
            else if (Edge(network, address) is { } edge)
            {
                findings.Add(path, host.Address, edge, "correct the address, or vip.prefix");
            }
        }
    }

    private static string? Edge(Ipv4Network network, uint address) =>
        address == network.Address ? $"is the address of the network {network} itself"
        : address == network.Broadcast ? $"is the broadcast address of {network}"
        : null;

    private static int IndexOf(IReadOnlyList<HostSpecification> hosts, string address)
    {
        for (var i = 0; i < hosts.Count; i++)
        {
            if (hosts[i].Address == address)
            {
                return i;
            }
        }

        return -1;
    }
}
