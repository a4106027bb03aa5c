using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class KeepalivedTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    [Fact]
    public void Configuration_by_default() =>
        Snapshot.Matches("keepalived.default.conf", KeepalivedFiles.Config(Default, Default.Hosts[0]));

    [Fact]
    public void Unit_comes_back_by_itself() => Snapshot.Matches("keepalived.service.conf", KeepalivedFiles.Unit());

    [Fact]
    public void Each_host_names_the_others_as_peers_and_itself_as_source()
    {
        foreach (var host in Default.Hosts)
        {
            var config = KeepalivedFiles.Config(Default, host);
            Assert.Contains($"unicast_src_ip {host.Address}\n", config, StringComparison.Ordinal);
            Assert.DoesNotContain($"        {host.Address}\n", config, StringComparison.Ordinal);
            Assert.All(
                Default.Hosts.Where(peer => peer != host),
                peer => Assert.Contains($"        {peer.Address}\n", config, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_host_outside_VRRP_is_nobodys_peer_and_has_no_package()
    {
        var cluster = Yaml.Valid(Yaml.With("hosts[2].vrrp", "false"));
        Assert.DoesNotContain("10.0.16.11", KeepalivedFiles.Config(cluster, cluster.Hosts[0]), StringComparison.Ordinal);
        Assert.Equal(["keepalived"], Keepalived.Declaration.Packages(cluster, cluster.Hosts[0]).Select(static package => package.Name));
        Assert.Empty(Keepalived.Declaration.Packages(cluster, cluster.Hosts[2]));
    }

    [Fact]
    public void Weight_exceeds_the_gap_between_priorities()
    {
        var cluster = Yaml.Valid(
            Yaml.With(("hosts[0].priority", JsonValue.Create(150)), ("hosts[1].priority", JsonValue.Create(100))));
        var config = KeepalivedFiles.Config(cluster, cluster.Hosts[0]);
        Assert.Contains("    priority 150\n", config, StringComparison.Ordinal);
        Assert.Contains($"    weight {VrrpPlan.Weight(cluster)}\n", config, StringComparison.Ordinal);
        Assert.True(-VrrpPlan.Weight(cluster) > 50);
    }

    [ProgramFact("keepalived", asRoot: true)]
    public void Keepalived_accepts_its_configuration()
    {
        // It looks the interface up, and takes none that cannot carry VRRP.
        var card = NetworkInterface.GetAllNetworkInterfaces().First(static candidate =>
            candidate.NetworkInterfaceType != NetworkInterfaceType.Loopback && candidate.SupportsMulticast
                && candidate.OperationalStatus == OperationalStatus.Up);
        using var folder = new TemporaryProject();
        // The interface and the tools are the host's.
        var config = KeepalivedFiles.Config(Default, Default.Hosts[0])
            .Replace("eth0", card.Name, StringComparison.Ordinal)
            .Replace(KeepalivedFiles.CheckPath, "/bin/true", StringComparison.Ordinal)
            .Replace(KeepalivedFiles.MemberPath, "/bin/true", StringComparison.Ordinal);
        folder.Write("keepalived.conf", config);
        Programs.Accepts(Programs.Path("keepalived"), "-t", "-f", Path.Join(folder.Folder, "keepalived.conf"));
    }
}
