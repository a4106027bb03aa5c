using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>The files of keepalived, computed from the specification alone.</summary>
public static class KeepalivedFiles
{
    /// <summary>Path of the configuration.</summary>
    public const string ConfigPath = "/etc/keepalived/keepalived.conf";

    /// <summary>Path of the unit's drop-in.</summary>
    public const string UnitPath = "/etc/systemd/system/keepalived.service.d/postgres-ha.conf";

    /// <summary>
    /// The least version: the oldest whose own check of the rendered file was seen. Release 8 of the RHEL family gives 2.1, Debian 12
    /// gives 2.2.
    /// </summary>
    public const string LeastVersion = "2.0.10";

    /// <summary>
    /// Path of the check that keepalived runs; the folder is the one from which SELinux lets its scripts do what they must.
    /// </summary>
    public const string CheckPath = "/usr/libexec/keepalived/haproxy-alive";

    /// <summary>Path of the check whether the host is one of the cluster's, in the same folder.</summary>
    public const string MemberPath = "/usr/libexec/keepalived/member";

    /// <summary>
    /// Path of what NetworkManager runs when it has changed an interface; nobody reads it where there is no NetworkManager.
    /// </summary>
    public const string DispatcherPath = "/etc/NetworkManager/dispatcher.d/90-postgres-ha";

    /// <summary>The files of one host.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">A host that takes part in VRRP.</param>
    public static IEnumerable<HostFile> All(ClusterSpecification cluster, HostSpecification host) =>
    [
        new HostFile { Name = "unit", Path = UnitPath, Content = Unit(), OnChange = FileEffect.Reload },
        new HostFile { Name = "check", Path = CheckPath, Content = Check(), Mode = "0755" },
        new HostFile { Name = "member", Path = MemberPath, Content = Templates.Read("keepalived/member"), Mode = "0755" },
        new HostFile { Name = "dispatcher", Path = DispatcherPath, Content = Dispatcher(cluster, host), Mode = "0755" },
        new HostFile
        {
            Name = "config",
            Path = ConfigPath,
            Content = Config(cluster, host),
            Validator = "keepalived -t -f {}",
            Backup = true,
            OnChange = FileEffect.Reload,
            Needs = ["check", "member"],
        },
    ];

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
            ["apis"] = cluster.VrrpHosts.OrderBy(member => member.Name != host.Name).Take(3)
                .Select(member => PatroniEndpoints.Api(cluster, member)).Select(static api => new Dictionary<string, object?>
                {
                    ["scheme"] = api.Scheme,
                    ["address"] = api.Address,
                    ["port"] = api.Port,
                }).ToList(),
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
                ["script"] = CheckPath,
                ["port"] = cluster.Ports.HAProxyHealth,
                ["interval"] = Seconds(vip.CheckInterval),
                // The check itself gives up after a second, or two where it has to ask twice.
                ["timeout"] = 3,
                ["fall"] = vip.CheckFall,
                ["rise"] = vip.CheckRise,
                ["weight"] = VrrpPlan.Weight(cluster),
                ["gap"] = VrrpPlan.PriorityGap(cluster),
            },
        });
    }

    /// <summary>The unit's drop-in.</summary>
    public static string Unit() => Templates.Read("keepalived/service.conf");

    /// <summary>The check that keepalived runs.</summary>
    public static string Check() => Templates.Read("keepalived/haproxy-alive");

    /// <summary>What NetworkManager runs.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">A host that takes part in VRRP.</param>
    public static string Dispatcher(ClusterSpecification cluster, HostSpecification host) =>
        Templates.Render(
            "keepalived/dispatcher", new Dictionary<string, object?> { ["interface"] = host.Interface, ["vip"] = cluster.Vip.Address });

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
