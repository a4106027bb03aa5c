using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Number of hosts and etcd members, unique names and addresses.</summary>
internal static class HostRules
{
    /// <remarks>https://etcd.io/docs/v3.5/faq/#what-is-maximum-cluster-size</remarks>
    private const int MostMembers = 7;

    public static void Check(ClusterSpecification draft, Findings findings)
    {
        if (!draft.Written.Contains("hosts"))
        {
            findings.Add("hosts", null, "is missing", "list at least three hosts, each with name and address");
            return;
        }

        if (!findings.Good("hosts"))
        {
            return;
        }

        if (draft.NodeExporter.Enabled && draft.Hosts.FirstOrDefault(static host => host.System == SystemFamily.Rhel) is { } foreign)
        {
            findings.Add(
                "nodeExporter.enabled",
                "true",
                $"works on the Debian family only, and {foreign.Name} is rhel",
                "leave it out, and install an exporter there by other means");
        }

        var count = draft.Hosts.Count;
        if (!IsQuorum(count))
        {
            findings.Add("hosts", null, $"has {Hosts(count)}", Remedy(count, "hosts"));
        }
        else if (!IsQuorum(draft.EtcdHosts.Count))
        {
            var members = draft.EtcdHosts.Count;
            findings.Add(
                "hosts", null, $"has {Number(members)} of {Hosts(count)} with an etcd member", Remedy(members, "hosts with etcd: true"));
        }
        else if (draft.EtcdHosts.Count > MostMembers)
        {
            var members = draft.EtcdHosts.Count;
            findings.Add(
                "hosts",
                null,
                $"has {Number(members)} hosts with an etcd member, and each write waits for a majority of them",
                $"set etcd: false on {Number(members - MostMembers)} of them: etcd recommends at most {Number(MostMembers)}");
        }

        Unique(draft, findings, "name", host => host.Name, StringComparer.OrdinalIgnoreCase);
        Unique(draft, findings, "address", host => host.Address, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var path = $"hosts[{i}].address";
            var address = draft.Hosts[i].Address;
            if (findings.Good(path) && Problem(address) is { } problem)
            {
                findings.Add(path, Scalars.Show(address), problem, "write the host's own IPv4 address, for instance 10.0.12.9");
            }
        }
    }

    /// <summary>What is wrong with an address that a host or the VIP shall have; null for nothing.</summary>
    public static string? Problem(string address)
    {
        if (!Ipv4.TryParse(address, out var number))
        {
            return address.Contains('/', StringComparison.Ordinal) ? "is a network, not an address" : "is not an IPv4 address";
        }

        return (number >> 24) switch
        {
            0 => "is not an address of a host",
            127 => "is a loopback address, which other hosts cannot reach",
            >= 224 => "is a multicast or reserved address",
            _ => null,
        };
    }

    private static void Unique(
        ClusterSpecification draft, Findings findings, string what, Func<HostSpecification, string> value, StringComparer comparer)
    {
        var first = new Dictionary<string, int>(comparer);
        for (var i = 0; i < draft.Hosts.Count; i++)
        {
            var text = value(draft.Hosts[i]);
            if (text.Length > 0 && !first.TryAdd(text, i))
            {
                findings.Add(
                    $"hosts[{i}].{what}", text, $"is also the {what} of hosts[{Number(first[text])}]", $"give each host its own {what}");
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
