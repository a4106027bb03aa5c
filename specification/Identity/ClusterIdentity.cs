using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>
/// What of a cluster cannot be changed by editing its stack file: what its data and its members are known by. Every host keeps it in a
/// file of its own, the stack's state in an output.
/// </summary>
public static class ClusterIdentity
{
    /// <summary>The key of a member's name in <see cref="Lines"/>.</summary>
    public const string Member = "host";

    private const string Migrating = "migrating";
    private const string Name = "name";
    private const string PostgresData = "postgres.dataDirectory";
    private const string EtcdData = "etcd.dataDirectory";
    private const string Address = "address";
    private const string Voters = "voters";
    private const string HostMark = "hosts.";
    private const string Root = "postgres-ha:cluster.";

    /// <summary>The values by their paths below the cluster; each host's address by <c>hosts.NAME</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    public static IReadOnlyDictionary<string, string> Of(ClusterSpecification cluster) =>
        Values(cluster).Append(KeyValuePair.Create(Voters, VotersOf(cluster)))
            .Concat(cluster.Hosts.Select(static host => KeyValuePair.Create(HostMark + host.Name, host.Address)))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>The address of each host by its name, of what <see cref="Of"/> gave.</summary>
    /// <param name="identity">That.</param>
    public static IReadOnlyDictionary<string, string> Hosts(IReadOnlyDictionary<string, string> identity) =>
        identity.Where(static pair => pair.Key.StartsWith(HostMark, StringComparison.Ordinal))
            .ToDictionary(static pair => pair.Key[HostMark.Length..], static pair => pair.Value, StringComparer.Ordinal);

    /// <summary>What a host keeps: a line <c>KEY VALUE</c> each.</summary>
    /// <param name="stack">The stack, as <c>PROJECT/STACK</c>.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static string Lines(string stack, ClusterSpecification cluster, HostSpecification host) => string.Concat(
        Values(cluster)
            .Prepend(KeyValuePair.Create("stack", stack))
            .Append(KeyValuePair.Create(Member, host.Name))
            .Append(KeyValuePair.Create(Address, host.Address))
            .Append(KeyValuePair.Create(Voters, VotersOf(cluster)))
            .Select(static pair => $"{pair.Key} {pair.Value}\n"));

    /// <summary>What of a host's record is another one than the stack has.</summary>
    /// <param name="lines">Its lines, as <see cref="Lines"/> made them when the stack was applied last.</param>
    /// <param name="stack">The stack, as <c>PROJECT/STACK</c>.</param>
    /// <param name="cluster">The cluster as it is asked for now.</param>
    /// <param name="host">The host as it is asked for now.</param>
    public static IReadOnlyList<HostDifference> Differences(
        string lines, string stack, ClusterSpecification cluster, HostSpecification host)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var former = Pairs(lines);
        // Who the voters are, the hosts agree on by themselves.
        return
        [
            .. from pair in Pairs(Lines(stack, cluster, host))
               where pair.Key != Voters && former.TryGetValue(pair.Key, out var old) && old != pair.Value
               select new HostDifference(
                   pair.Key, former[pair.Key], pair.Value, pair.Key is PostgresData or EtcdData or Member),
            // Whatever it is to be now: a member may be stopped.
            .. former.ContainsKey(Migrating)
                ? [new HostDifference(Migrating, "begun", "ended", CanMove: true)]
                : Array.Empty<HostDifference>(),
        ];
    }

    /// <summary>What of it would be changed.</summary>
    /// <param name="former">What <see cref="Of"/> gave when the stack was applied last.</param>
    /// <param name="cluster">The cluster as it is asked for now.</param>
    /// <returns>An error for each change, with the way that there is instead; empty when all is as before.</returns>
    public static IReadOnlyList<SpecificationError> Changes(IReadOnlyDictionary<string, string> former, ClusterSpecification cluster)
    {
        List<SpecificationError> errors =
        [
            .. from pair in Values(cluster)
               where former.TryGetValue(pair.Key, out var old) && old != pair.Value
               select new SpecificationError(
                   Root + pair.Key, pair.Value, $"is {former[pair.Key]} on the cluster that this stack has made", Remedy(pair.Key)),
        ];
        var hosts = Hosts(former);
        for (var i = 0; i < cluster.Hosts.Count; i++)
        {
            var host = cluster.Hosts[i];
            var path = string.Create(CultureInfo.InvariantCulture, $"{Root}hosts[{i}]");
            if (hosts.TryGetValue(host.Name, out var address))
            {
                if (address != host.Address)
                {
                    errors.Add(new SpecificationError(
                        path + ".address", host.Address, $"is another one than {address}, by which {host.Name} is known to the others",
                        $"put {address} back; a host under another address is another one: give it another name as well"));
                }
            }
            else if (hosts.FirstOrDefault(pair => pair.Value == host.Address).Key is { } known)
            {
                errors.Add(new SpecificationError(
                    path + ".name", host.Name, $"has the address of {known}, which would be renamed",
                    $"put {known} back, or have it renamed: ./pgha migrate"));
            }
        }

        if (former.TryGetValue(Voters, out var voters))
        {
            var old = voters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var kept = old.Intersect(cluster.EtcdHosts.Select(static host => host.Name)).ToList();
            if (errors.Count == 0 && kept.Count * 2 <= old.Length)
            {
                errors.Add(new SpecificationError(
                    Root + "hosts",
                    null,
                    $"leaves {(kept.Count == 0 ? "none" : string.Join(", ", kept))} of the etcd members {string.Join(", ", old)}, "
                    + "less than a majority",
                    $"change {Few((old.Length - 1) / 2)} at a time, and apply before the next"));
            }
        }

        return errors;
    }

    private static Dictionary<string, string> Pairs(string lines) =>
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(' ', 2))
            .ToDictionary(static words => words[0], static words => words.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal);

    private static string Few(int count) => count == 1 ? "one host" : string.Create(CultureInfo.InvariantCulture, $"{count} hosts");

    private static string VotersOf(ClusterSpecification cluster) => string.Join(' ', cluster.EtcdHosts.Select(static host => host.Name));

    // etcd's token is the name; encoding and checksums are the same for every cluster.
    private static IEnumerable<KeyValuePair<string, string>> Values(ClusterSpecification cluster) =>
    [
        new(Name, cluster.Name),
        new("patroni.namespace", cluster.Patroni.Namespace),
        new("postgres.version", cluster.Postgres.Version.Split('.')[0]),
        new(PostgresData, cluster.Postgres.DataDirectory),
        new("postgres.prefix", cluster.Postgres.Prefix),
        new(EtcdData, cluster.Etcd.DataDirectory),
        // Whoever asks there, the others' Patroni and HAProxy, changes over at another moment than who answers: nothing would be served
        // meanwhile, and Patroni takes no other port of etcd but at a restart.
        new("ports.postgres", Port(cluster.Ports.Postgres)),
        new("ports.patroniApi", Port(cluster.Ports.PatroniApi)),
        new("ports.etcdClient", Port(cluster.Ports.EtcdClient)),
        new("ports.etcdPeer", Port(cluster.Ports.EtcdPeer)),
    ];

    private static string Port(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static string Remedy(string key) => key switch
    {
        "postgres.version" => "put it back: another major version takes an upgrade of the data, which is not made by editing",
        PostgresData or EtcdData => "put it back, or have it moved, member by member: ./pgha migrate",
        _ => "put it back; to change it, with the database stopped meanwhile: destroy with the old value, change it, apply (the data stay)",
    };
}
