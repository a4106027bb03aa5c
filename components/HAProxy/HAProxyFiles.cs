using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>The files of HAProxy, computed from the specification alone.</summary>
public static class HAProxyFiles
{
    /// <summary>Path of the configuration.</summary>
    public const string ConfigPath = "/etc/haproxy/haproxy.cfg";

    /// <summary>Name of the file of <see cref="ConfigPath"/>.</summary>
    public const string ConfigName = "config";

    /// <summary>Path of the file with the statistics page's user; secret.</summary>
    public const string UsersPath = "/etc/haproxy/users.cfg";

    /// <summary>Path of the unit's drop-in.</summary>
    public const string UnitPath = "/etc/systemd/system/haproxy.service.d/postgres-ha.conf";

    /// <summary>Its chroot, with its admin socket and what it knows of its servers; root's, and no other service's.</summary>
    public const string Folder = "/var/lib/haproxy";

    /// <summary>Path of the kernel's settings.</summary>
    public const string SysctlPath = "/etc/sysctl.d/90-postgres-ha.conf";

    /// <summary>
    /// The least version. Up to 1.8, which release 8 of the RHEL family gives, it cannot log to standard output (its manual: since 1.9).
    /// 2.2 is the oldest one that a supported distribution gives otherwise, and its own check takes the rendered file.
    /// </summary>
    public const string LeastVersion = "2.2";

    /// <summary>All files; the same on every host.</summary>
    public static IEnumerable<HostFile> All(ClusterSpecification cluster) =>
    [
        // How it is started is the drop-in's only matter; all else is reloaded.
        new HostFile { Name = "unit", Path = UnitPath, Content = Unit(), OnChange = FileEffect.Restart },
        new HostFile { Name = "sysctl", Path = SysctlPath, Content = Sysctl(), OnChange = FileEffect.Reload },
        new HostFile
        {
            Name = "users",
            Path = UsersPath,
            Mode = "0600",
            Content = FileContent.With(
                [SecretCatalogue.Statistics], secret => Users(cluster.HAProxy.StatisticsUser, secret(SecretCatalogue.Statistics))),
            OnChange = FileEffect.Reload,
        },
        new HostFile
        {
            Name = ConfigName,
            Path = ConfigPath,
            Content = Config(cluster),
            Validator = $"haproxy -c -f {{}} -f {UsersPath}",
            Backup = true,
            OnChange = FileEffect.Reload,
            Needs = ["users"],
        },
    ];

    /// <summary>The configuration; the same on every host.</summary>
    public static string Config(ClusterSpecification cluster)
    {
        var haproxy = cluster.HAProxy;
        var ports = cluster.Ports;
        return Templates.Render("haproxy/haproxy.cfg", new Dictionary<string, object?>
        {
            ["cluster"] = cluster.Name,
            ["folder"] = Folder,
            ["vip"] = cluster.Vip.Address,
            ["max_connections"] = haproxy.MaxConnections,
            ["frontend_max_connections"] = haproxy.FrontendMaxConnections,
            ["server_max_connections"] = haproxy.ServerMaxConnections,
            // A pooler is there to take many clients: what it takes, not what PostgreSQL does, is the limit.
            ["pooled_max_connections"] = cluster.PgBouncer.MaxClientConnections,
            ["hard_stop_after"] = Time(haproxy.ClientTimeout > haproxy.ServerTimeout ? haproxy.ClientTimeout : haproxy.ServerTimeout),
            ["read_fallback"] = haproxy.ReadFallback == ReadFallback.Leader,
            ["timeout"] = new Dictionary<string, object?>
            {
                ["queue"] = Time(haproxy.QueueTimeout),
                ["connect"] = Time(haproxy.ConnectTimeout),
                ["client"] = Time(haproxy.ClientTimeout),
                ["server"] = Time(haproxy.ServerTimeout),
                ["check"] = Time(haproxy.CheckTimeout),
            },
            ["check"] = new Dictionary<string, object?>
            {
                ["interval"] = Time(haproxy.CheckInterval),
                ["fast_interval"] = Time(haproxy.CheckFastInterval),
                ["fall"] = haproxy.CheckFall,
                ["rise"] = haproxy.CheckRise,
            },
            ["statistics"] = new Dictionary<string, object?>
            {
                ["refresh"] = Time(haproxy.StatisticsRefresh),
                ["admin"] = haproxy.StatisticsAdmin,
                ["certificate"] = HAProxyEndpoints.HasTls(cluster) ? CertificateFiles.CertificatePath : "",
            },
            ["ports"] = new Dictionary<string, object?>
            {
                ["write"] = ports.Write,
                ["read"] = ports.Read,
                ["pooled_write"] = ports.PooledWrite,
                ["pooled_read"] = ports.PooledRead,
                ["statistics"] = ports.Statistics,
                ["health"] = ports.HAProxyHealth,
                ["postgres"] = ports.Postgres,
                ["pgbouncer"] = ports.PgBouncer,
                ["patroni_api"] = ports.PatroniApi,
            },
            ["servers"] = cluster.Hosts
                .Select(host => new Dictionary<string, object?>
                {
                    ["name"] = host.Name,
                    ["address"] = host.Address,
                    ["check"] = Check(cluster, host.Name),
                })
                .ToList(),
        });
    }

    /// <summary>
    /// What of a server's line has its check come by TLS, and believe nobody but the member of that name; nothing where it comes without.
    /// HAProxy compares no name unless it is told which, and asks the member for it.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">The member's name.</param>
    public static IReadOnlyList<string> Check(ClusterSpecification cluster, string name) => cluster.Patroni.ApiTls
        ?
        [
            "check-ssl", "verify", "required", "ca-file", CertificateFiles.AuthorityPath, "verifyhost", name, "check-sni", name,
        ]
        : [];

    /// <summary>The file with the statistics page's user.</summary>
    /// <param name="user">Name of the user.</param>
    /// <param name="password">The password.</param>
    public static string Users(string user, string password) =>
        Templates.Render("haproxy/users.cfg", new Dictionary<string, object?> { ["user"] = user, ["password"] = password });

    /// <summary>The unit's drop-in.</summary>
    public static string Unit() => Templates.Read("haproxy/service.conf");

    /// <summary>The kernel's settings HAProxy needs.</summary>
    public static string Sysctl() => Templates.Read("haproxy/sysctl.conf");

    /// <summary>How many servers are up in each backend of a healthy cluster, as <c>BACKEND=COUNT</c>.</summary>
    public static IReadOnlyList<string> Expected(ClusterSpecification cluster)
    {
        var replicas = Plain.Number(cluster.Hosts.Count - 1);
        return ["leader=1", $"replicas={replicas}", "pooled-leader=1", $"pooled-replicas={replicas}"];
    }

    /// <summary>A time in HAProxy's notation, in the largest unit that holds it without a fraction.</summary>
    public static string Time(TimeSpan time)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        var (value, unit) = milliseconds switch
        {
            _ when milliseconds % 60_000 == 0 && milliseconds > 0 => (milliseconds / 60_000, "m"),
            _ when milliseconds % 1000 == 0 => (milliseconds / 1000, "s"),
            _ => (milliseconds, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
    }
}
