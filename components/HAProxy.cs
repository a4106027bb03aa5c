using System.Globalization;
using Pulumi;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What <see cref="HAProxy"/> needs.</summary>
public sealed record HAProxyArgs
{
    /// <summary>The cluster.</summary>
    public required ClusterSpecification Cluster { get; init; }

    /// <summary>Its hosts; HAProxy runs on each.</summary>
    public required IReadOnlyList<Host> Hosts { get; init; }

    /// <summary>Password of the statistics page's user.</summary>
    public required Input<string> StatisticsPassword { get; init; }

    /// <summary>
    /// What must be there before HAProxy can see a leader and replicas: the members of Patroni and PgBouncer. Only <see cref="HAProxy.Verified"/> waits
    /// for it. Default nothing: then nothing is verified.
    /// </summary>
    public IReadOnlyList<Resource> Members { get; init; } = [];
}

/// <summary>
/// HAProxy on every host: leader and replicas on the virtual IP's ports, directly and through PgBouncer, chosen by Patroni's answers. A change of its
/// configuration reloads it, one host after the other, and cuts no connection.
/// </summary>
public sealed class HAProxy : ComponentResource
{
    // Patroni's members are up before; what remains is one round of health checks.
    private const string VerifySeconds = "60";

    /// <summary>Registers HAProxy on all hosts.</summary>
    /// <param name="name">Resource name, prefix of its children's.</param>
    /// <param name="args">The cluster and its hosts.</param>
    /// <param name="options">Resource options.</param>
    public HAProxy(string name, HAProxyArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:HAProxy", name, options)
    {
        var cluster = args.Cluster;
        var config = HAProxyFiles.Config(cluster);
        var ready = new Dictionary<string, Resource>(StringComparer.Ordinal);
        var verified = new Dictionary<string, Resource>(StringComparer.Ordinal);
        Resource[] before = [];
        foreach (var host in args.Hosts)
        {
            var service = Service(name, host, args, config, before);
            ready[host.HostName] = service;
            // One host after the other: where one refuses its configuration, the next are left alone.
            before = [service];
            if (args.Members.Count > 0)
            {
                verified[host.HostName] = new RemoteCommand(
                    $"{name}-verify-{host.HostName}",
                    host,
                    new RemoteCommandArgs
                    {
                        Tool = "haproxy-verify",
                        Arguments = [VerifySeconds, .. HAProxyFiles.Expected(cluster)],
                        // Not read: a changed configuration is verified again. Its text the reviewer has seen in the file.
                        Stdin = Fingerprints.Of(config),
                    },
                    this,
                    [service, .. args.Members]).Resource;
            }
        }

        Ready = ready;
        Verified = verified;
        RegisterOutputs();
    }

    /// <summary>What the hosts must know of HAProxy.</summary>
    public static ServiceDefinition Definition { get; } = new()
    {
        Name = "haproxy",
        Packages = static (_, _) => ["haproxy"],
        RestartingPackages = static (_, _) => ["haproxy"],
        LeastVersions = static (_, _) => [new LeastVersion("haproxy", HAProxyFiles.LeastVersion)],
        Units = static (_, _) => ["haproxy.service"],
        Ports = static (cluster, _) =>
        [
            new ServicePort(cluster.Ports.Write, PortAudience.Clients),
            new ServicePort(cluster.Ports.Read, PortAudience.Clients),
            new ServicePort(cluster.Ports.PooledWrite, PortAudience.Clients),
            new ServicePort(cluster.Ports.PooledRead, PortAudience.Clients),
            new ServicePort(cluster.Ports.Statistics, PortAudience.Clients),
            new ServicePort(cluster.Ports.HAProxyHealth, PortAudience.Local),
        ],
    };

    /// <summary>By host name the resource that stands for HAProxy serving there.</summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    /// <summary>By host name the resource that stands for HAProxy there seeing one leader and all replicas; empty without members.</summary>
    public IReadOnlyDictionary<string, Resource> Verified { get; }

    private Resource Service(string name, Host host, HAProxyArgs args, string config, Resource[] before)
    {
        var cluster = args.Cluster;
        List<Resource> after = [.. before];
        if (host.Specification.System == SystemFamily.Rhel)
        {
            after.Add(new RemoteCommand(
                $"{name}-selinux-{host.HostName}",
                host,
                // Its policy knows HAProxy as a web proxy; it meets databases here.
                new RemoteCommandArgs { Tool = "haproxy-selinux", Arguments = ["haproxy_connect_any"] },
                this).Resource);
        }

        var sysctl = new RemoteFile(
            $"{name}-sysctl-{host.HostName}",
            host,
            new RemoteFileArgs { Path = HAProxyFiles.SysctlPath, Content = HAProxyFiles.Sysctl() },
            this);
        var unit = new RemoteFile(
            $"{name}-unit-{host.HostName}",
            host,
            new RemoteFileArgs { Path = HAProxyFiles.UnitPath, Content = HAProxyFiles.Unit() },
            this);
        var users = new RemoteFile(
            $"{name}-users-{host.HostName}",
            host,
            new RemoteFileArgs
            {
                Path = HAProxyFiles.UsersPath,
                Content = args.StatisticsPassword.Apply(password => HAProxyFiles.Users(cluster.HAProxy.StatisticsUser, password)),
                Mode = "0600",
            },
            this);
        var file = new RemoteFile(
            $"{name}-config-{host.HostName}",
            host,
            new RemoteFileArgs
            {
                Path = HAProxyFiles.ConfigPath,
                Content = config,
                Validator = $"haproxy -c -f {{}} -f {HAProxyFiles.UsersPath}",
                Backup = true,
            },
            this,
            users.Resource);

        var health = cluster.Ports.HAProxyHealth.ToString(CultureInfo.InvariantCulture);
        return new RemoteService(
            $"{name}-service-{host.HostName}",
            host,
            new RemoteServiceArgs
            {
                Unit = "haproxy.service",
                // How it is started is the drop-in's only matter; all else is reloaded.
                RestartFiles = [unit],
                ReloadFiles = [sysctl, users, file],
                Health = ["haproxy-health", health, .. HAProxyFiles.Listeners(cluster)],
                Timeout = TimeSpan.FromSeconds(30),
            },
            this,
            [.. after]).Resource;
    }
}
