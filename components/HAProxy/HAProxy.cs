using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="HAProxy"/> needs.</summary>
public sealed record HAProxyArgs : ComponentArgs
{
    /// <summary>
    /// By host name, key and certificate there, the statistics page's, and the authority by which the members of Patroni are known.
    /// </summary>
    public required IReadOnlyDictionary<string, RemoteFiles> Certificates { get; init; }

    /// <summary>What must be there before its checks come as configured: members that answer by TLS. Default nothing.</summary>
    public IReadOnlyList<Resource> Checked { get; init; } = [];

    /// <summary>
    /// What must be there before HAProxy can see a leader and replicas: the members of Patroni and PgBouncer. Only the verification waits
    /// for it. Default nothing: then nothing is verified.
    /// </summary>
    public IReadOnlyList<Resource> Members { get; init; } = [];
}

/// <summary>
/// HAProxy on every host: leader and replicas on the virtual IP's ports, directly and through PgBouncer, chosen by Patroni's answers. A
/// change of its configuration reloads it, one host after the other, and cuts no connection.
/// </summary>
public sealed class HAProxy : ComponentResource
{
    // Patroni's members are up before; what remains is one round of health checks.
    private const string VerifySeconds = "60";

    private readonly IReadOnlyList<Host> _hosts;

    /// <summary>Registers HAProxy on all hosts.</summary>
    /// <param name="name">Resource name, prefix of its children's.</param>
    /// <param name="args">The cluster and its hosts.</param>
    /// <param name="options">Resource options.</param>
    public HAProxy(string name, HAProxyArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:HAProxy", name, options)
    {
        _hosts = args.Hosts;
        var cluster = args.Cluster;
        var config = HAProxyFiles.Config(cluster);
        var ready = new Dictionary<string, Resource>(StringComparer.Ordinal);
        Resource[] before = [];
        foreach (var host in args.Hosts)
        {
            var service = Service(name, host, args, before);
            ready[host.HostName] = service;
            // One host after the other: where one refuses its configuration, the next are left alone.
            before = [service];
            if (args.Members.Count > 0)
            {
                _ = new RemoteCommand(
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
                    [service, .. args.Members]);
            }
        }

        Ready = ready;
        RegisterOutputs();
    }

    /// <summary>
    /// Registers what has the HAProxy of every host that has one check the members of Patroni in both ways, as it does and as it is to,
    /// where these differ: before any member changes.
    /// </summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="certificates">By host name, key, certificate and authority there.</param>
    /// <returns>By host, after what the members may change.</returns>
    public static IReadOnlyList<RemoteCommand> Begin(IReadOnlyList<Host> hosts, IReadOnlyDictionary<string, RemoteFiles> certificates) =>
    [
        .. hosts.Select(host => new RemoteCommand(
            $"haproxy-begin-{host.HostName}",
            host,
            new RemoteCommandArgs
            {
                Tool = "haproxy-checks",
                Arguments =
                [
                    "begin",
                    .. host.Cluster.Hosts.Select(static member => $"{member.Name}={member.Address}"),
                    "--",
                    .. HAProxyFiles.Check(host.Cluster, "{}"),
                ],
            },
            host,
            certificates[host.HostName][CertificateFiles.AuthorityName].Resource)),
    ];

    /// <summary>Registers the end of that: from then on the members are checked in one way only.</summary>
    /// <param name="begun">What began it.</param>
    /// <param name="members">The resources after which all members have changed.</param>
    public void End(IReadOnlyList<RemoteCommand> begun, params IReadOnlyList<Resource> members)
    {
        // Whatever is begun is ended.
        var since = Output.All(begun.Select(static one => one.Stdout));
        foreach (var host in _hosts)
        {
            _ = new RemoteCommand(
                $"haproxy-end-{host.HostName}",
                host,
                new RemoteCommandArgs
                {
                    Tool = "haproxy-checks",
                    Arguments = ["end"],
                    Stdin = since.Apply(static said => string.Concat(said)),
                },
                this,
                [.. members, .. Ready.Values]);
        }
    }

    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "haproxy",
        Program = Component.HAProxy,
        Packages = static (_, host) =>
        [
            new ServicePackage("haproxy")
            {
                Restarts = true,
                Least = [new LeastVersion(HAProxyFiles.LeastVersion)],
                Repositories = host.System == SystemFamily.Rhel ? [PackageRepository.PgdgExtras] : [],
            },
        ],
        Endpoints = static (cluster, host) =>
            [.. HAProxyEndpoints.Listeners(cluster), HAProxyEndpoints.Statistics(cluster, host.Address), HAProxyEndpoints.Health(cluster)],
        Files = static (cluster, _) => HAProxyFiles.All(cluster),
        Reads = static cluster => HasTls(cluster) ? [Components.Certificates.Declaration] : [],
        Units = static (cluster, _) =>
        [
            new ServiceUnit("haproxy.service")
            {
                Health =
                [
                    "haproxy-health",
                    Plain.Number(cluster.Ports.HAProxyHealth),
                    .. HAProxyEndpoints.Listeners(cluster).Select(static listener => listener.Authority),
                ],
                Timeout = TimeSpan.FromSeconds(30),
            },
        ],
    };

    /// <summary>By host name the resource that stands for HAProxy serving there.</summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    // One of the two reads key, certificate or authority.
    private static bool HasTls(ClusterSpecification cluster) => HAProxyEndpoints.HasTls(cluster) || cluster.Patroni.ApiTls;

    private Resource Service(string name, Host host, HAProxyArgs args, Resource[] before)
    {
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

        var tls = HasTls(args.Cluster) ? args.Certificates[host.HostName] : null;
        var files = new RemoteFiles(
            Declaration,
            host,
            this,
            // Its own check reads the certificate and the key.
            file => file == HAProxyFiles.ConfigName ? [.. args.Checked, .. tls?.All.Select(static one => one.Resource) ?? []] : []);
        if (tls is not null)
        {
            files.Include(tls);
        }

        return new RemoteService(Declaration, host, files, this, [], after).Resource;
    }
}
