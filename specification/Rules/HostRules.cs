using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Number of hosts and etcd members, unique names and addresses.</summary>
internal static class HostRules
{
    /// <remarks>https://etcd.io/docs/v3.5/faq/#what-is-maximum-cluster-size</remarks>
    private const int MostMembers = 7;

    public static void Check(ClusterSpecification draft, Values values)
    {
        if (!values.Has("hosts"))
        {
            values.Add("hosts", null, "is missing", "list at least three hosts, each with name and address");
            return;
        }

        if (!values.Good("hosts"))
        {
            return;
        }

        int count = draft.Hosts.Count;
        if (!IsQuorum(count))
        {
            values.Add("hosts", null, $"has {Hosts(count)}", Remedy(count, "hosts"));
        }
        else if (!IsQuorum(draft.EtcdHosts.Count))
        {
            int members = draft.EtcdHosts.Count;
            values.Add("hosts", null, $"has {Number(members)} of {Hosts(count)} with an etcd member", Remedy(members, "hosts with etcd: true"));
        }

        else if (draft.EtcdHosts.Count > MostMembers)
        {
            int members = draft.EtcdHosts.Count;
            values.Add(
                "hosts",
                null,
                $"has {Number(members)} hosts with an etcd member, and each write waits for a majority of them",
                $"set etcd: false on {Number(members - MostMembers)} of them: etcd recommends at most {Number(MostMembers)}");
        }

        Unique(draft, values, Keys.HostName, host => host.Name, StringComparer.OrdinalIgnoreCase);
        Unique(draft, values, Keys.HostAddress, host => host.Address, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string path = Keys.HostAddress.At(i);
            string address = draft.Hosts[i].Address;
            if (values.Good(path) && Problem(address) is { } problem)
            {
                values.Add(path, Scalars.Show(address), problem, "write the host's own IPv4 address, for instance 10.0.12.9");
            }
        }
    }

    /// <summary>What is wrong with an address that a host or the VIP shall have; null for nothing.</summary>
    public static string? Problem(string address)
    {
        if (!Ipv4.TryParse(address, out uint number))
        {
            return address.Contains('/', StringComparison.Ordinal) ? "is a network, no address" : "is no IPv4 address";
        }

        return (number >> 24) switch
        {
            0 => "is no address of a host",
            127 => "is a loopback address, which other hosts cannot reach",
            >= 224 => "is a multicast or reserved address",
            _ => null,
        };
    }

    private static void Unique(ClusterSpecification draft, Values values, Key<string> key, Func<HostSpecification, string> value, StringComparer comparer)
    {
        var first = new Dictionary<string, int>(comparer);
        for (int i = 0; i < draft.Hosts.Count; i++)
        {
            string text = value(draft.Hosts[i]);
            if (text.Length > 0 && !first.TryAdd(text, i))
            {
                string what = key.Path["hosts[].".Length..];
                values.Add(key.At(i), text, $"is also the {what} of hosts[{Number(first[text])}]", $"give each host its own {what}");
            }
        }
    }

    private static bool IsQuorum(int count) => count >= 3 && count % 2 == 1;

    private static string Remedy(int count, string what) => count < 3
        ? $"etcd needs a majority after one loss: use three {what}, or five or seven"
        : $"an even number survives no more losses than one less: use {Number(count - 1)} or {Number(count + 1)} {what}";

    private static string Hosts(int count) => count == 1 ? "1 host" : Number(count) + " hosts";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
