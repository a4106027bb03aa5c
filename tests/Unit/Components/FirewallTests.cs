using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class FirewallTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    [Fact]
    public void Rules_by_default() => Snapshot.Matches("firewall.default.rules", Rules(Default, 0));

    [Fact]
    public void VRRP_is_a_protocol_and_comes_from_peers_only()
    {
        var rules = Rules(Default, 0);
        Assert.Contains("protocol vrrp from 10.0.12.4\n", rules, StringComparison.Ordinal);
        Assert.DoesNotContain(" 112 ", rules, StringComparison.Ordinal);
        Assert.DoesNotContain(" 5405 ", rules, StringComparison.Ordinal);
        var without = Yaml.Valid(Yaml.With("hosts[2].vrrp", "false"));
        Assert.DoesNotContain("vrrp from 10.0.16.11", Rules(without, 0), StringComparison.Ordinal);
        Assert.DoesNotContain("vrrp", Rules(without, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_of_peers_are_open_to_no_network()
    {
        foreach (var line in Rules(Default, 0).Split('\n')
            .Where(
                line => line.StartsWith("tcp 2379 ", StringComparison.Ordinal) || line.StartsWith("tcp 2380 ", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("/", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_host_outside_the_clients_networks_is_a_client_all_the_same()
    {
        var cluster = Yaml.Valid(Yaml.With("firewall.clientNetworks", "[10.0.12.0/24]"));
        var rules = FirewallRules.For(cluster, cluster.Hosts[0], [new Endpoint("10.0.12.10", 5000, Audience.Clients)]);
        Assert.Contains("tcp 5000 from 10.0.12.0/24\n", rules, StringComparison.Ordinal);
        Assert.Contains("tcp 5000 from 10.0.16.11\n", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("tcp 5000 from 10.0.12.4\n", rules, StringComparison.Ordinal);
    }

    [Fact]
    public void Local_ports_are_never_opened() =>
        Assert.DoesNotContain(
            "7001",
            FirewallRules.For(Default, Default.Hosts[0], [new Endpoint("127.0.0.1", 7001, Audience.Local)]),
            StringComparison.Ordinal);

    [Fact]
    public void Each_rule_stands_once() =>
        Assert.Equal(Rules(Default, 0).Split('\n').Distinct().Count(), Rules(Default, 0).Split('\n').Length);

    [Theory]
    [InlineData("managed", SystemFamily.Debian, new[] { "firewalld", "netbase" })]
    [InlineData("managed", SystemFamily.Rhel, new[] { "firewalld" })]
    [InlineData("disabled", SystemFamily.Debian, new string[0])]
    [InlineData("untouched", SystemFamily.Rhel, new string[0])]
    public void Packages_only_where_it_is_managed(string mode, SystemFamily system, string[] expected)
    {
        var cluster = Yaml.Valid(Yaml.With("firewall.mode", mode));
        Assert.Equal(
            expected,
            Firewall.Declaration.Packages(cluster, cluster.Hosts[0] with { System = system }).Select(static package => package.Name));
    }

    private static string Rules(ClusterSpecification cluster, int host) =>
        FirewallRules.For(cluster, cluster.Hosts[host], ClusterServices.All.Endpoints(cluster, cluster.Hosts[host]));
}
