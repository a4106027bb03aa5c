using System.Text.Json.Nodes;
using PostgresHa.Components;
using PostgresHa.Components.Building;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class EtcdTests
{
    private const string Sum = "665f67999b34fa6ab2c0dfabcc5029887316614431bed2f9f3ae128ae587a0eb";
    private const string PatchesSum = "4eb63db9f5a20458e62f25ae36c1a3922c8eb3ad491ae25290f3c6378266adb6";

    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    private static readonly ClusterSpecification Other = Yaml.Valid(Yaml.With(
        ("hosts", Yaml.Parse($$"""
            - { name: db1, address: 10.0.12.1, hostKey: {{TemporaryProject.HostKey}} }
            - { name: db2, address: 10.0.12.2, hostKey: {{TemporaryProject.HostKey}}, etcd: false }
            - { name: db3, address: 10.0.12.3, hostKey: {{TemporaryProject.HostKey}} }
            - { name: db4, address: 10.0.12.4, hostKey: {{TemporaryProject.HostKey}}, etcd: false }
            - { name: db5, address: 10.0.12.5, hostKey: {{TemporaryProject.HostKey}} }
            """)),
        ("ports", Yaml.Parse("{ etcdClient: 12379, etcdPeer: 12380 }")),
        ("patroni", Yaml.Parse("{ namespace: /service/pg }")),
        (
            "etcd",
            Yaml.Parse(
                $"{{ method: source, version: 3.5.16, sha256: {Sum}, heartbeatInterval: 250ms, electionTimeout: 2500ms, snapshotCount: "
                + "50000, quotaBackendBytes: 4GB, dataDirectory: /srv/etcd }"))));

    private static readonly ClusterSpecification Distribution = Yaml.Valid(Yaml.With(
        (
            "etcd",
            Yaml.Parse($"{{ method: source, version: 3.5.16, sha256: {Sum}, goLibraries: distribution, patchesSha256: {PatchesSum} }}")),
        ("mirrors", Yaml.Parse("{ etcd: http://mirror/etcd-3.5.16.tar.gz, artefacts: http://mirror/artefacts }"))));

    [Fact]
    public void Configuration_by_default() => Snapshot.Matches("etcd.default.yml", EtcdFiles.Config(Default, Default.Hosts[0]));

    [Fact]
    public void Configuration_with_everything_different() => Snapshot.Matches("etcd.other.yml", EtcdFiles.Config(Other, Other.Hosts[2]));

    [Fact]
    public void Unit_by_default() => Snapshot.Matches("etcd.service", EtcdFiles.UnitFile(Default));

    [Theory]
    [InlineData("/home/etcd")]
    [InlineData("/usr/local/etcd")]
    public void A_protected_place_is_open_for_the_data(string directory)
    {
        var lines = EtcdFiles.Hardening(Yaml.Valid(Yaml.With("etcd.dataDirectory", directory))).File.Content.Plain.Split('\n');

        Assert.Contains($"ReadWritePaths=-{directory}", lines);
        // With `yes` nothing below /home could be opened again.
        Assert.Contains("ProtectHome=read-only", lines);
        Assert.DoesNotContain("ProtectHome=yes", lines);
    }

    [Fact]
    public void Unit_of_the_package_runs_the_packages_program()
    {
        var cluster = Yaml.Valid(Yaml.With("etcd", "{ method: package }"));
        Assert.Contains(
            "ExecStart=/usr/bin/etcd --config-file /run/etcd/etcd.conf.yml\n", EtcdFiles.UnitFile(cluster), StringComparison.Ordinal);
        Assert.Equal(
            ["etcd-server", "etcd-client"], Etcd.Declaration.Packages(cluster, cluster.Hosts[0]).Select(static package => package.Name));
        Assert.Empty(EtcdFiles.Options(cluster, cluster.Hosts[0]));
    }

    [Fact]
    public void Members_are_the_named_subset_and_no_other_host_opens_a_port()
    {
        Assert.Equal(
            [
                "db1,https://10.0.12.1:12379,https://10.0.12.1:12380", "db3,https://10.0.12.3:12379,https://10.0.12.3:12380",
                "db5,https://10.0.12.5:12379,https://10.0.12.5:12380",
            ],
            EtcdFiles.Addresses(Other));
        // Others that come and go restart nobody.
        Assert.DoesNotContain("10.0.12.3", EtcdFiles.Config(Other, Other.Hosts[0]), StringComparison.Ordinal);
        Assert.Equal(
            [(12379, Audience.Peers), (12380, Audience.Peers), (8099, Audience.Peers)],
            Etcd.Declaration.Endpoints(Other, Other.Hosts[0]).Select(static endpoint => (endpoint.Port, endpoint.Audience)));
        Assert.Empty(Etcd.Declaration.Endpoints(Other, Other.Hosts[1]));
    }

    [Fact]
    public void Patroni_may_use_the_keys_below_its_namespace_only() => Assert.Equal("/service/pg/", EtcdFiles.Prefix(Other));

    [Theory]
    [InlineData(false, "http", "")]
    [InlineData(
        true,
        "https",
        "ETCDCTL_CACERT=/etc/postgres-ha/tls/ca.crt\nETCDCTL_CERT=/etc/postgres-ha/tls/etcd.crt\n"
        + "ETCDCTL_KEY=/etc/postgres-ha/tls/etcd.crt.key\n")]
    public void Password_stands_in_the_environment_file_only(bool tls, string scheme, string certificate) => Assert.Equal(
        $"ETCDCTL_API=3\nETCDCTL_ENDPOINTS={scheme}://10.0.12.9:2379,{scheme}://10.0.12.4:2379,{scheme}://10.0.16.11:2379\n"
        + $"ETCDCTL_USER=root:abc123\n{certificate}",
        EtcdFiles.RootEnvironment(Yaml.Valid(Yaml.With("etcd.tls", tls ? "true" : "false")), "abc123"));

    [Fact]
    public void Without_TLS_nothing_of_it_is_in_the_configuration()
    {
        var config = EtcdFiles.Config(Yaml.Valid(Yaml.With("etcd.tls", "false")), Default.Hosts[0]);
        Assert.DoesNotContain("security", config, StringComparison.Ordinal);
        Assert.DoesNotContain("https", config, StringComparison.Ordinal);
    }

    // A tool knows neither templates nor the specification.
    [Fact]
    public void The_tools_look_for_the_certificate_where_it_lies()
    {
        var tools = Templates.Read("etcd/etcd-lib.sh");
        Assert.Contains($"etcd_authority={CertificateFiles.AuthorityPath}\n", tools, StringComparison.Ordinal);
        Assert.Contains($"etcd_certificate={EtcdFiles.CertificatePath}\n", tools, StringComparison.Ordinal);
        Assert.Contains($"FOLDER = \"{CertificateFiles.Folder}/\"\n", Templates.Read("etcd/etcd-client.py"), StringComparison.Ordinal);
    }

    [Fact]
    public void Release_archive_is_fetched_by_its_checksum_and_nothing_is_compiled()
    {
        Assert.Null(EtcdFiles.Place(Default));
        Assert.False(EtcdFiles.Serves(Default, Default.Hosts[0]));
        var options = EtcdFiles.Options(Default, Default.Hosts[0]);
        Assert.Equal(["--version", "--sha256", "--source"], options.Where(word => word.StartsWith("--", StringComparison.Ordinal)));
        Assert.Contains(Default.Etcd.Sha256!, options);
    }

    [Fact]
    public void Distributions_libraries_come_with_patches_from_beside_the_source()
    {
        var options = EtcdFiles.Options(Distribution, Distribution.Hosts[0]);
        Assert.Equal("distribution", After(options, "--libraries"));
        Assert.Equal("http://mirror/etcd-3.5.16.debian.tar.xz", After(options, "--patches"));
        Assert.Equal(PatchesSum, After(options, "--patches-sha256"));
        Assert.Equal("http://mirror/artefacts", After(options, "--artefacts"));
        Assert.Contains("golang-google-grpc-dev", After(options, "--packages"), StringComparison.Ordinal);
        Assert.DoesNotContain("--go-proxy", options);
    }

    [Fact]
    public void Module_proxy_is_passed_on_only_where_modules_are_used()
    {
        var cluster = Yaml.Valid(Yaml.With(
            ("etcd", Yaml.Parse($"{{ method: source, version: 3.5.16, sha256: {Sum} }}")),
            ("mirrors.go", JsonValue.Create("http://proxy"))));
        var options = EtcdFiles.Options(cluster, cluster.Hosts[0]);
        Assert.Equal("modules", After(options, "--libraries"));
        Assert.Equal("http://proxy", After(options, "--go-proxy"));
        Assert.Equal("golang-go", After(options, "--packages"));
        Assert.Equal(["golang", "git-core"], EtcdFiles.BuildPackages(cluster.Etcd, SystemFamily.Rhel));
    }

    [Fact]
    public void First_member_compiles_for_the_others_and_opens_the_port_for_it()
    {
        Assert.True(EtcdFiles.Serves(Other, Other.Hosts[0]));
        Assert.All(Other.Hosts.Skip(1), host => Assert.False(EtcdFiles.Serves(Other, host)));
        Assert.Equal(
            [BuildPlan.Artefacts(Other, Other.Hosts[0])],
            ClusterServices.All.Endpoints(Other, Other.Hosts[0]).Where(static endpoint => endpoint.Port == 8099));
    }

    private static string After(IReadOnlyList<string> options, string name) => options[options.ToList().IndexOf(name) + 1];

    [Theory]
    [InlineData("{ method: package }", "{ method: pip }", "etcd-server 3.5.0")]
    [InlineData("{ method: package }", "{ method: package }", "etcd-server 3.5.0, patroni 3.0.0")]
    [InlineData("{ method: package }", "{ method: package, synchronous: quorum }", "etcd-server 3.5.0, patroni 4.0.0")]
    [InlineData("{ method: archive }", "{ method: package }", "patroni 4.0.8")]
    [InlineData("{ method: archive, version: 3.5.27 }", "{ method: package }", "patroni 3.0.0")]
    [InlineData("{ method: archive }", "{ method: pip }", "")]
    public void What_a_distribution_must_give_is_asked_for_by_the_preflight(string etcd, string patroni, string expected)
    {
        var cluster = Yaml.Valid(Yaml.With(("etcd", Yaml.Parse(etcd)), ("patroni", Yaml.Parse(patroni))));
        Assert.Equal(expected, string.Join(", ", HostPackages.LeastVersions(ClusterServices.All, cluster, cluster.Hosts[0])
            .Where(static one => one.Package is "etcd-server" or "patroni" && one.Least.Lacks is null)
                .Select(static one => $"{one.Package} {one.Least.Version}")));
    }
}
