using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>What upgrades a host by itself leaves the cluster's services alone.</summary>
public sealed class UpgradeFilesTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    private static readonly ClusterSpecification Packages = Yaml.Valid(Yaml.With(
        ("etcd", Yaml.Parse("{ method: package }")), ("patroni", Yaml.Parse("{ method: package }")), ("hosts[2].vrrp", false)));

    [Fact]
    public void Needrestart_by_default() => Snapshot.Matches("needrestart.conf", File(Default, UpgradeFiles.NeedRestartPath));

    [Fact]
    public void Unattended_upgrades_by_default() =>
        Snapshot.Matches("unattended-upgrades.conf", File(Default, UpgradeFiles.UnattendedUpgradesPath));

    [Fact]
    public void Packages_that_bring_a_service_are_left_alone_too()
    {
        var text = File(Packages, UpgradeFiles.UnattendedUpgradesPath);

        Assert.All(
            ["etcd-client", "etcd-server", "haproxy", "keepalived", "patroni", "pgbouncer"],
            package => Assert.Contains($"\"^{package}$\";\n", text, StringComparison.Ordinal));
        Assert.DoesNotContain("keepalived", string.Concat(Files(Packages, 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_systems_have_neither()
    {
        var cluster = Yaml.Valid(Yaml.With("hostDefaults.system", "rhel"));

        Assert.Empty(UpgradeFiles.All(ClusterServices.All, cluster, cluster.Hosts[0]));
    }

    [ProgramFact("perl")]
    public void Needrestart_s_language_reads_it_and_its_patterns_fit()
    {
        using var folder = new TemporaryProject();
        folder.Write("conf", File(Default, UpgradeFiles.NeedRestartPath));
        // What needrestart does with a snippet, and with the name of a service.
        const string Ask = """
            our %nrconf; do $ARGV[0]; die $@ if $@;
            for my $rc (qw(patroni.service etcd.service etcd-yield.service pgbouncer.service haproxy.service keepalived.service cron.service patroni-exporter.service)) {
                my @fit = grep { $rc =~ /$_/ } keys %{$nrconf{override_rc}};
                print "$rc ", (@fit ? $nrconf{override_rc}->{$fit[0]} : 1), "\n";
            }
            """;

        Assert.Equal(
            "patroni.service 0\netcd.service 0\netcd-yield.service 0\npgbouncer.service 0\nhaproxy.service 0\nkeepalived.service 0\n"
            + "cron.service 1\npatroni-exporter.service 1\n",
            Programs.Output(Programs.Path("perl"), "-e", Ask, Path.Join(folder.Folder, "conf")));
    }

    [ProgramFact("apt-config")]
    public void Apt_adds_it_to_the_administrator_s_own_list()
    {
        using var folder = new TemporaryProject();
        folder.Write(
            "50unattended-upgrades",
            "Unattended-Upgrade::Package-Blacklist { \"linux-image\"; };\nUnattended-Upgrade::Automatic-Reboot \"true\";\n")
            .Write("90postgres-ha", File(Default, UpgradeFiles.UnattendedUpgradesPath));

        var seen = Programs.Output(
            Programs.Path("apt-config"),
            "-o",
            $"Dir::Etc::parts={folder.Folder}",
            "-c",
            Path.Join(folder.Folder, "50unattended-upgrades"),
            "-c",
            Path.Join(folder.Folder, "90postgres-ha"),
            "dump",
            "Unattended-Upgrade");

        Assert.Contains("Unattended-Upgrade::Package-Blacklist:: \"linux-image\";", seen, StringComparison.Ordinal);
        Assert.Contains("Unattended-Upgrade::Package-Blacklist:: \"^haproxy$\";", seen, StringComparison.Ordinal);
        Assert.Contains("Unattended-Upgrade::Automatic-Reboot \"false\";", seen, StringComparison.Ordinal);
    }

    private static string File(ClusterSpecification cluster, string path) =>
        UpgradeFiles.All(ClusterServices.All, cluster, cluster.Hosts[0]).Single(file => file.Path == path).Content.Plain;

    private static IEnumerable<string> Files(ClusterSpecification cluster, int host) =>
        UpgradeFiles.All(ClusterServices.All, cluster, cluster.Hosts[host]).Select(static file => file.Content.Plain);
}
