using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="Keepalived"/> needs.</summary>
public sealed record KeepalivedArgs : ComponentArgs
{
    /// <summary>By host name what stands for HAProxy serving there: a host may hold the virtual IP only then.</summary>
    public required IReadOnlyDictionary<string, Resource> HAProxy { get; init; }

    /// <summary>
    /// The firewalls of all hosts: one that did not let the peers' advertisements in would make its host take the virtual IP beside its
    /// holder. Default none.
    /// </summary>
    public IReadOnlyList<Resource> Firewall { get; init; } = [];
}

/// <summary>keepalived on every host that takes part in VRRP: it keeps the virtual IP on exactly one whose HAProxy serves.</summary>
public sealed class Keepalived : ComponentResource
{
    // An election takes less than four advertisement intervals, and as many again where the check has to rise first.
    private const int ElectionIntervals = 8;

    /// <summary>Registers keepalived.</summary>
    /// <param name="name">Resource name, prefix of its children's.</param>
    /// <param name="args">The cluster and its hosts.</param>
    /// <param name="options">Resource options.</param>
    public Keepalived(string name, KeepalivedArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Keepalived", name, options)
    {
        var cluster = args.Cluster;
        var hosts = args.Hosts.Where(static host => host.Specification.Vrrp).ToList();
        var services = new List<Resource>();
        foreach (var host in hosts)
        {
            Resource[] after = [args.HAProxy[host.HostName], .. args.Firewall, .. services.TakeLast(1)];
            services.Add(new RemoteService(Declaration, host, new RemoteFiles(Declaration, host, this), this, [], after).Resource);
        }

        var observer = hosts[0];
        _ = new RemoteCommand(
            $"{name}-verify-{observer.HostName}",
            observer,
            new RemoteCommandArgs
            {
                Tool = "keepalived-verify",
                Arguments =
                [
                    cluster.Vip.Address,
                    observer.Specification.Interface,
                    Math.Ceiling((cluster.Vip.AdvertisementInterval * ElectionIntervals).TotalSeconds + 20)
                        .ToString(CultureInfo.InvariantCulture),
                ],
                // Not read: a changed configuration of any host is verified again.
                Stdin = Fingerprints.Of(string.Concat(hosts.Select(host => KeepalivedFiles.Config(cluster, host.Specification)))),
            },
            this,
            [.. services]);
        RegisterOutputs();
    }

    /// <summary>The service. VRRP is an IP protocol of its own and has no port.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "keepalived",
        Program = Component.Keepalived,
        Packages = static (_, host) => !host.Vrrp ? [] :
        [
            new ServicePackage("keepalived")
            {
                Restarts = true,
                Least = [new LeastVersion(KeepalivedFiles.LeastVersion)],
                Repositories = host.System == SystemFamily.Rhel ? [PackageRepository.PgdgExtras] : [],
            },
        ],
        Files = static (cluster, host) => host.Vrrp ? KeepalivedFiles.All(cluster, host) : [],
        Units = static (_, host) => host.Vrrp
            ? [new ServiceUnit("keepalived.service") { Health = ["keepalived-health"], Timeout = TimeSpan.FromSeconds(30) }]
            : [],
    };
}
