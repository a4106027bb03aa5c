using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>A change of the stack that cannot be right: it must be refused, or fail, and the old stack file must undo it.</summary>
/// <param name="Name">A word for it.</param>
/// <param name="Text">What is changed, as a reader would write it.</param>
/// <param name="Make">Changes the cluster's value.</param>
internal sealed record BadChange(string Name, string Text, Action<JsonObject, ClusterSpecification> Make)
{
    /// <summary>Port on which a program of somebody else's listens on a replica meanwhile; null for none.</summary>
    public int? Held { get; init; }

    /// <summary>Whether a cluster has what the change is about. Default: each has.</summary>
    public Func<ClusterSpecification, bool> Applies { get; init; } = static _ => true;
}

/// <summary>The bad changes: what identifies a cluster, and for each service what its own validator passes and the running one does not
/// survive.</summary>
internal static class BadChanges
{
    // Of no service, and above what a kernel gives to outgoing connections.
    private const int Taken = 64321;

    /// <summary>All of them, in the order in which they are tried.</summary>
    public static IReadOnlyList<BadChange> All { get; } =
    [
        new("name", "name: with another letter", static (cluster, now) => ChangedProject.Set(cluster, "name", now.Name + "2")),
        Value("namespace", "patroni.namespace", "/elsewhere"),
        new("host-names", "hosts[].name: all renamed, addresses unchanged", static (cluster, _) => EachHost(
            cluster, static host => host["name"] = $"{host["name"]}x")),
        Value("data-directory", "postgres.dataDirectory", "/opt/pgdata-elsewhere"),
        Value("etcd-directory", "etcd.dataDirectory", "/var/lib/etcd-elsewhere"),
        Value("parameter-name", "postgres.parameters.work_men", "64MB"),
        Value("parameter-value", "postgres.parameters.log_statement", "everything"),
        Value("timezone", "postgres.parameters.timezone", "Europe/Berln"),
        Value("preload", "postgres.parameters.shared_preload_libraries", "no_such_library"),
        // By these members find each other.
        Port("etcd", "ports.etcdPeer"),
        Port("patroni", "ports.patroniApi"),
        Port("pgbouncer", "ports.pgbouncer"),
        Port("node-exporter", "ports.nodeExporter") with { Applies = static cluster => cluster.NodeExporter.Enabled },
        Value("haproxy", "haproxy.maxConnections", 900_000),
        new("keepalived", "hosts[].interface: one that no host has", static (cluster, _) => EachHost(
            cluster, static host => host["interface"] = "pgha9")),
        Value("firewall", "firewall.zone", "nosuchzone") with { Applies = static cluster => cluster.Firewall.Mode == FirewallMode.Managed },
        Value("watchdog", "patroni.watchdog", "required"),
    ];

    /// <summary>Those that names mean; all for none.</summary>
    /// <exception cref="CommandException">There is no such change.</exception>
    public static IReadOnlyList<BadChange> Find(IReadOnlyList<string> names) => names.Count == 0 ? All :
    [
        .. names.Select(static name => All.FirstOrDefault(change => change.Name == name) ?? throw new CommandException(
            $"--change {name}: there is no such bad change; there are {string.Join(", ", All.Select(static change => change.Name))}.")),
    ];

    private static BadChange Value(string name, string path, JsonNode value) =>
        new(name, $"{path}: {value}", (cluster, _) => ChangedProject.Set(cluster, path, value.DeepClone()));

    private static BadChange Port(string name, string path) =>
        Value(name, path, Taken) with { Held = Taken };

    private static void EachHost(JsonObject cluster, Action<JsonObject> change)
    {
        foreach (var host in cluster["hosts"]!.AsArray())
        {
            change(host!.AsObject());
        }
    }
}
