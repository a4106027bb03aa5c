using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class NodeExporterTests
{
    private static readonly ClusterSpecification Off = Yaml.Valid(Yaml.With());
    private static readonly ClusterSpecification On = Yaml.Valid(Yaml.With(("nodeExporter.enabled", true), ("ports.nodeExporter", 9101)));

    [Fact]
    public void Is_nowhere_unless_asked_for()
    {
        Assert.DoesNotContain(ClusterServices.All.Of(Off), static service => service.Name == "node-exporter");
        Assert.DoesNotContain(ClusterServices.All.Endpoints(Off, Off.Hosts[0]), static endpoint => endpoint.Port == Off.Ports.NodeExporter);
    }

    [Fact]
    public void Asked_for_it_is_a_package_a_unit_a_file_and_a_port_for_clients()
    {
        var host = On.Hosts[0];
        Assert.Contains("prometheus-node-exporter", HostPackages.Of(ClusterServices.All, On, host));
        Assert.Contains(ClusterServices.All.Units(On, host), static unit => unit.Name == "prometheus-node-exporter.service");
        var rules = FirewallRules.For(On, host, ClusterServices.All.Endpoints(On, host));
        Assert.Contains("tcp 9101 from 10.0.0.0/19", rules, StringComparison.Ordinal);
        var file = HostFiles.Managed(On, host, "postgres-ha/test").Single(
            static file => file.Path.Contains("node-exporter", StringComparison.Ordinal));
        Snapshot.Matches("node-exporter.service.conf", file.Content.Plain);
    }

    [Fact]
    public void Its_port_is_another_s_as_long_as_it_is_off()
    {
        Yaml.Valid(Yaml.With("ports.statistics", "9100"));
        var clash = Assert.Single(Yaml.Read(Yaml.With(("nodeExporter.enabled", true), ("ports.statistics", 9100))).Errors);
        Assert.Equal("postgres-ha:cluster.ports.statistics", clash.Path);
    }

    [Fact]
    public void The_RHEL_family_is_refused() => Assert.Equal(
        "postgres-ha:cluster.nodeExporter.enabled",
        Assert.Single(Yaml.Read(Yaml.With(("nodeExporter.enabled", true), ("hostDefaults.system", "rhel"))).Errors).Path);
}
