using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>The files of keepalived, computed from the specification alone.</summary>
public static class KeepalivedFiles
{
    /// <summary>Path of the configuration.</summary>
    public const string ConfigPath = "/etc/keepalived/keepalived.conf";

    /// <summary>Path of the unit's drop-in.</summary>
    public const string UnitPath = "/etc/systemd/system/keepalived.service.d/postgres-ha.conf";

    // How far below the least priority a host without HAProxy falls.
    private const int Margin = 10;

    /// <summary>The configuration of one host.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">A host that takes part in VRRP.</param>
    public static string Config(ClusterSpecification cluster, HostSpecification host)
    {
        var vip = cluster.Vip;
        return Templates.Render("keepalived/keepalived.conf", new Dictionary<string, object?>
        {
            ["host"] = new Dictionary<string, object?>
            {
                ["name"] = host.Name,
                ["address"] = host.Address,
                ["interface"] = host.Interface,
                ["priority"] = host.Priority,
            },
            ["peers"] = cluster.VrrpHosts.Where(peer => peer.Name != host.Name).Select(static peer => peer.Address).ToList(),
            ["vip"] = new Dictionary<string, object?>
            {
                ["address"] = vip.Address,
                ["prefix"] = vip.Prefix,
                ["router_id"] = vip.RouterId,
                ["advertisement_interval"] = Seconds(vip.AdvertisementInterval),
            },
            ["check"] = new Dictionary<string, object?>
            {
                ["port"] = cluster.Ports.HAProxyHealth,
                ["interval"] = Seconds(vip.CheckInterval),
                // The check itself gives up after a second, or two where it has to ask twice.
                ["timeout"] = 3,
                ["fall"] = vip.CheckFall,
                ["rise"] = vip.CheckRise,
                ["weight"] = Weight(cluster),
                ["gap"] = PriorityGap(cluster),
            },
        });
    }

    /// <summary>The unit's drop-in.</summary>
    public static string Unit() => Templates.Read("keepalived/service.conf");

    /// <summary>The largest difference between two hosts' priorities.</summary>
    public static int PriorityGap(ClusterSpecification cluster) =>
        cluster.VrrpHosts.Max(static host => host.Priority) - cluster.VrrpHosts.Min(static host => host.Priority);

    /// <summary>What a failed check adds to a host's priority: negative, and by more than <see cref="PriorityGap"/>.</summary>
    public static int Weight(ClusterSpecification cluster) => -(PriorityGap(cluster) + Margin);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
