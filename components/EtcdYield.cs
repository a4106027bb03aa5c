using System.Globalization;
using Pulumi;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What an <see cref="EtcdYield"/> needs.</summary>
public sealed record EtcdYieldArgs
{
    /// <summary>The cluster.</summary>
    public required ClusterSpecification Cluster { get; init; }

    /// <summary>Its hosts, all of them; those with an etcd member get the service.</summary>
    public required IReadOnlyList<Host> Hosts { get; init; }

    /// <summary>After these etcd can be used with a password and Patroni leads.</summary>
    public IReadOnlyList<Resource> After { get; init; } = [];
}

/// <summary>
/// Keeps etcd's leader off the host that leads PostgreSQL. Losing both in one host costs up to one more ttl: etcd's next leader grants every
/// lease its full time again.
/// </summary>
public sealed class EtcdYield : ComponentResource
{
    /// <summary>Name of the unit.</summary>
    public const string Unit = "etcd-yield.service";

    private const string UnitPath = "/etc/systemd/system/" + Unit;

    /// <summary>Registers the services.</summary>
    /// <param name="name">Resource name: <c>etcd-yield</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public EtcdYield(string name, EtcdYieldArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:EtcdYield", name, options)
    {
        foreach (var host in args.Hosts.Where(static host => host.Specification.Etcd))
        {
            var unit = new RemoteFile(
                $"{name}-unit-{host.HostName}",
                host,
                new RemoteFileArgs { Path = UnitPath, Content = UnitFile(args.Cluster, host.Specification) },
                this);
            _ = new RemoteService(
                $"{name}-service-{host.HostName}",
                host,
                new RemoteServiceArgs
                {
                    Unit = Unit,
                    RestartFiles = [unit],
                    // A process that runs goes on with the tools it has read.
                    Versions = [Templates.Read("etcd/etcd-yield.py") + Templates.Read("host/with-environment.py")],
                    Health = ["etcd-yield", "health"],
                },
                this,
                [.. args.After]);
        }

        RegisterOutputs();
    }

    /// <summary>The unit of one host.</summary>
    public static string UnitFile(ClusterSpecification cluster, HostSpecification host) => Templates.Render(
        "etcd/etcd-yield.service",
        new Dictionary<string, object?>
        {
            ["cluster"] = cluster.Name,
            ["patroni"] = string.Create(CultureInfo.InvariantCulture, $"http://{host.Address}:{cluster.Ports.PatroniApi}"),
            ["own"] = EtcdFiles.ClientUrl(cluster, host),
            ["others"] = cluster.EtcdHosts.Where(other => other.Name != host.Name).Select(other => EtcdFiles.ClientUrl(cluster, other)).ToList(),
        });
}
