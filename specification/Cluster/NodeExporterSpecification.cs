namespace PostgresHa.Specification;

/// <summary>The metrics of the hosts themselves, for a Prometheus among the clients.</summary>
public sealed record NodeExporterSpecification
{
    [Flag("Whether each host runs node_exporter, for the networks of `firewall.clientNetworks`. Debian family only.", false)]
    public required bool Enabled { get; init; }
}
