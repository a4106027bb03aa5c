using PostgresHa.Components.Declarations;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>node_exporter on every host: the host's own metrics, for a Prometheus among the clients. Off by default.</summary>
public static class NodeExporter
{
    private const string Unit = "prometheus-node-exporter.service";

    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "node-exporter",
        IsWanted = static cluster => cluster.NodeExporter.Enabled,
        StandsAlone = true,
        Packages = static (_, _) => [new ServicePackage("prometheus-node-exporter") { Restarts = true }],
        Endpoints = static (cluster, host) => [Metrics(cluster, host)],
        Files = static (cluster, host) =>
        [
            new HostFile
            {
                Name = "unit",
                Path = $"/etc/systemd/system/{Unit}.d/postgres-ha.conf",
                Content = Templates.Render(
                    "node-exporter/service.conf", new Dictionary<string, object?> { ["endpoint"] = Metrics(cluster, host).Authority }),
                OnChange = FileEffect.Restart,
            },
        ],
        Units = static (cluster, host) =>
        [
            new ServiceUnit(Unit)
            {
                Health = ["/usr/bin/curl", "-fsS", "--noproxy", "*", "--max-time", "2", "-o", "/dev/null", Metrics(cluster, host).Url],
            },
        ],
    };

    /// <summary>Where a host's metrics are read.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static Endpoint Metrics(ClusterSpecification cluster, HostSpecification host) =>
        Endpoint.Http(host.Address, cluster.Ports.NodeExporter, Audience.Clients, "/metrics");
}
