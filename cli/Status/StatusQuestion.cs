using System.Globalization;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>What is asked of the hosts.</summary>
public static class StatusQuestion
{
    /// <summary>The services that a host runs.</summary>
    public static IReadOnlyList<string> Units(ClusterSpecification cluster, HostSpecification host)
    {
        List<string> units = [];
        if (cluster.Firewall.Mode == FirewallMode.Managed)
        {
            units.Add("firewalld.service");
        }

        if (host.Etcd)
        {
            units.AddRange(["etcd.service", "etcd-yield.service"]);
        }

        units.AddRange(["patroni.service", "pgbouncer.service", "haproxy.service"]);
        if (host.Vrrp)
        {
            units.Add("keepalived.service");
        }

        return units;
    }

    /// <summary>The command whose answer is a <see cref="HostReport"/>.</summary>
    public static IReadOnlyList<string> Report(ClusterSpecification cluster, HostSpecification host) => Escalated(
        cluster,
        [
            HostPaths.Tool("host-report"),
            "--address", host.Address,
            "--vip", cluster.Vip.Address,
            "--data", cluster.Postgres.DataDirectory,
            "--patroni-port", Number(cluster.Ports.PatroniApi),
            "--pgbouncer-port", Number(cluster.Ports.PgBouncer),
            .. host.Etcd ? (string[])["--etcd-port", Number(cluster.Ports.EtcdClient)] : [],
            .. Units(cluster, host).SelectMany(static unit => new[] { "--unit", unit }),
            .. Packages(cluster, host).SelectMany(static name => new[] { "--package", name }),
        ]);

    /// <summary>The names that a component's package may have; none for what is always built or installed otherwise.</summary>
    /// <param name="component">The component.</param>
    public static IReadOnlyList<string> PackageNames(Component component) => component switch
    {
        Component.Etcd => ["etcd-server", "etcd"],
        Component.Patroni => ["patroni"],
        Component.PgBouncer => ["pgbouncer"],
        Component.HAProxy => ["haproxy"],
        Component.Keepalived => ["keepalived"],
        _ => [],
    };

    private static IEnumerable<string> Packages(ClusterSpecification cluster, HostSpecification host) => Enum.GetValues<Component>()
        .Where(component => component switch
        {
            Component.Etcd => host.Etcd && cluster.Etcd.Method == EtcdMethod.Package,
            Component.Patroni => cluster.Patroni.Method == PatroniMethod.Package,
            Component.Keepalived => host.Vrrp,
            _ => true,
        })
        .SelectMany(PackageNames);

    /// <summary>The command that lists deviations, one a line, and ends with <see cref="DriftFound"/> when there are any.</summary>
    public static IReadOnlyList<string> Drift(ClusterSpecification cluster) => Escalated(cluster, [HostPaths.Tool("host-drift")]);

    /// <summary>The deviations in what the drift tool printed.</summary>
    public static IReadOnlyList<string> Deviations(string output) =>
    [
        .. output.Split('\n')
            .Where(static line => line.StartsWith(DriftMark, StringComparison.Ordinal))
            .Select(static line => line[DriftMark.Length..].TrimEnd()),
    ];

    private const string DriftMark = "drift: ";

    /// <summary>Exit code of the drift tool when it found deviations.</summary>
    public const int DriftFound = 3;

    /// <summary>Why a host without our tools gives no answer.</summary>
    public const string NothingApplied = "nothing was applied to it yet";

    /// <summary>Exit code of a shell that found no such command.</summary>
    public const int NoSuchTool = 127;

    private static IReadOnlyList<string> Escalated(ClusterSpecification cluster, IReadOnlyList<string> words) =>
        cluster.Ssh.User == "root" ? words : ["sudo", "-n", "--", .. words];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
