using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>
/// Keeps etcd's leader off the host that leads PostgreSQL. Losing both in one host costs up to one more ttl: etcd's next leader grants
/// every lease its full time again.
/// </summary>
public static class EtcdYield
{
    /// <summary>Name of the unit.</summary>
    public const string Unit = "etcd-yield.service";

    /// <summary>The service, on every host with an etcd member.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "etcd-yield",
        Files = static (cluster, host) => host.Etcd
            ?
            [
                new HostFile
                {
                    Name = "unit",
                    Path = "/etc/systemd/system/" + Unit,
                    Content = UnitFile(cluster, host),
                    OnChange = FileEffect.Restart,
                },
                // Root, for etcd's password, and nothing else of root.
                new UnitHardening { Unit = Unit, Capabilities = ["CAP_DAC_READ_SEARCH"] }.File,
            ]
            : [],
        Units = static (_, host) => host.Etcd
            ?
            [
                new ServiceUnit(Unit)
                {
                    Health = ["etcd-yield", "health"],
                    // A process that runs goes on with the tools it has read.
                    Versions = [Templates.Read("etcd/etcd-yield.py") + Templates.Read("host/with-environment.py")],
                },
            ]
            : [],
    };

    /// <summary>The unit of one host.</summary>
    public static string UnitFile(ClusterSpecification cluster, HostSpecification host) => Templates.Render(
        "etcd/etcd-yield.service",
        new Dictionary<string, object?>
        {
            ["cluster"] = cluster.Name,
            ["patroni"] = PatroniEndpoints.Api(cluster, host).Url,
            ["own"] = EtcdEndpoints.Client(cluster, host).Url,
            ["others"] = cluster.EtcdHosts.Where(other => other.Name != host.Name).Select(other => EtcdEndpoints.Client(cluster, other).Url)
                .ToList(),
        });
}
