using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="HAProxy"/> needs.</summary>
public sealed record HAProxyArgs : ComponentArgs
{
    /// <summary>By host name, key, certificate and authority there: the statistics page's.</summary>
    public required IReadOnlyDictionary<string, RemoteFiles> Certificates { get; init; }

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
        Reads = static cluster => HAProxyEndpoints.HasTls(cluster) ? [Components.Certificates.Declaration] : [],
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

        var tls = HAProxyEndpoints.HasTls(args.Cluster) ? args.Certificates[host.HostName] : null;
        var files = new RemoteFiles(
            Declaration,
            host,
            this,
            // Its own check reads the certificate and the key.
            file => file == HAProxyFiles.ConfigName && tls is not null ? tls.All.Select(static one => one.Resource) : []);
        if (tls is not null)
        {
            files.Include(tls);
        }

        return new RemoteService(Declaration, host, files, this, [], after).Resource;
    }
}
