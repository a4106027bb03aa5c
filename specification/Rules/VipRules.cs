using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>The virtual IP, and who may hold it.</summary>
internal static class VipRules
{
    public static void Check(ClusterSpecification draft, Values values)
    {
        CheckAddress(draft, values);
        if (!values.Good("hosts"))
        {
            return;
        }

        IReadOnlyList<HostSpecification> holders = draft.VrrpHosts;
        if (draft.Hosts.Count >= 3 && holders.Count < 2)
        {
            values.Add("hosts", null, $"has {holders.Count.ToString(CultureInfo.InvariantCulture)} with vrrp: true", "let at least two hosts hold the VIP");
        }

        if (VrrpPlan.Gap(holders) > 0)
        {
            for (int i = 0; i < draft.Hosts.Count; i++)
            {
                HostSpecification host = draft.Hosts[i];
                string path = Keys.HostPriority.At(i);
                if (host.Vrrp && host.Priority < VrrpPlan.LowestPriority && values.Good(path))
                {
                    values.Add(
                        path,
                        host.Priority.ToString(CultureInfo.InvariantCulture),
                        "leaves no room below it for a host whose check fails",
                        string.Create(CultureInfo.InvariantCulture, $"use priorities from {VrrpPlan.LowestPriority} to 254"));
                }
            }
        }
    }

    private static void CheckAddress(ClusterSpecification draft, Values values)
    {
        VipSpecification vip = draft.Vip;
        string path = Keys.VipAddress.Path;
        if (!values.Good(path))
        {
            return;
        }

        if (HostRules.Problem(vip.Address) is { } problem)
        {
            values.Add(path, Scalars.Show(vip.Address), problem, vip.Address.Contains('/', StringComparison.Ordinal)
                ? "write the address here and the prefix length in vip.prefix"
                : "write a free IPv4 address of the hosts' network, for instance 10.0.12.10");
            return;
        }

        int owner = IndexOf(draft.Hosts, vip.Address);
        if (owner >= 0)
        {
            values.Add(path, vip.Address, string.Create(CultureInfo.InvariantCulture, $"is the address of hosts[{owner}] ({draft.Hosts[owner].Name})"), "use a free address of the hosts' network");
        }

        if (!values.Good(Keys.VipPrefix.Path))
        {
            return;
        }

        uint address = Ipv4.TryParse(vip.Address, out uint number) ? number : 0;
        Ipv4Network network = Ipv4Network.Of(address, vip.Prefix);
        if (Edge(network, address) is { } edge)
        {
            values.Add(path, vip.Address, edge, "use a free address between them, or correct vip.prefix");
        }

        if (values.Good("hosts"))
        {
            CheckHosts(draft, values, network);
        }
    }

    private static void CheckHosts(ClusterSpecification draft, Values values, Ipv4Network network)
    {
        for (int i = 0; i < draft.Hosts.Count; i++)
        {
            HostSpecification host = draft.Hosts[i];
            string path = Keys.HostAddress.At(i);
            if (!host.Vrrp || !values.Good(path) || !Ipv4.TryParse(host.Address, out uint address))
            {
                continue;
            }

            if (!network.Contains(address))
            {
                values.Add(path, host.Address, $"is outside the VIP's network {network}, so the host cannot hold the VIP", "set vrrp: false on the host, or correct vip.address or vip.prefix");
            }
            else if (Edge(network, address) is { } edge)
            {
                values.Add(path, host.Address, edge, "correct the address, or vip.prefix");
            }
        }
    }

    private static string? Edge(Ipv4Network network, uint address) =>
        address == network.Address ? $"is the address of the network {network} itself"
        : address == network.Broadcast ? $"is the broadcast address of {network}"
        : null;

    private static int IndexOf(IReadOnlyList<HostSpecification> hosts, string address)
    {
        for (int i = 0; i < hosts.Count; i++)
        {
            if (hosts[i].Address == address)
            {
                return i;
            }
        }

        return -1;
    }
}
