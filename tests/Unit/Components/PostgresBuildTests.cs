using PostgresHa.Components;
using PostgresHa.Components.Building;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class PostgresBuildTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    [Fact]
    public void Options_by_default() =>
        Snapshot.Matches("postgres-build.options", string.Join('\n', PostgresFiles.Options(Default, Default.Hosts[0])) + "\n");

    [Fact]
    public void Build_packages_follow_the_flags()
    {
        var postgres = Default.Postgres with { ConfigureFlags = ["--with-lz4", "--with-uuid=e2fs", "--without-icu"] };
        var debian = PostgresFiles.BuildPackages(postgres, SystemFamily.Debian);
        Assert.Contains("liblz4-dev", debian);
        Assert.Contains("uuid-dev", debian);
        Assert.DoesNotContain("libicu-dev", debian);
        Assert.DoesNotContain("libssl-dev", debian);
        var rhel = PostgresFiles.BuildPackages(Default.Postgres, SystemFamily.Rhel);
        Assert.Contains("openssl-devel", rhel);
        Assert.Contains("libicu-devel", rhel);
        Assert.DoesNotContain("lz4-devel", rhel);
        Assert.DoesNotContain(rhel, name => name.EndsWith("-dev", StringComparison.Ordinal));
    }

    [Fact]
    public void One_flag_may_hold_blanks()
    {
        var cluster = Default with
        {
            Postgres = Default.Postgres with { ConfigureFlags = ["--with-openssl", "CFLAGS=-O2 -g"] },
        };
        Assert.Contains("--with-openssl\nCFLAGS=-O2 -g", PostgresFiles.Options(cluster, cluster.Hosts[0]));
    }

    [Fact]
    public void Built_once_for_each_system_family_and_fetched_from_there()
    {
        var debian1 = Default.Hosts[0];
        var rhel1 = Default.Hosts[1] with { System = SystemFamily.Rhel };
        var debian2 = Default.Hosts[2];
        List<HostSpecification> hosts = [debian1, rhel1, debian2];
        Assert.Equal(["db1", "db2", "db1"], hosts.Select(host => BuildPlan.Builder(BuildPlace.Once, hosts, host).Name));
        Assert.Equal([true, false, false], hosts.Select(host => BuildPlan.Serves(BuildPlace.Once, hosts, host)));
        Assert.Equal(["db1", "db2", "db3"], hosts.Select(host => BuildPlan.Builder(BuildPlace.EachHost, hosts, host).Name));
        Assert.All(hosts, host => Assert.False(BuildPlan.Serves(BuildPlace.EachHost, hosts, host)));
    }

    [Fact]
    public void Port_for_builds_is_open_to_peers_on_the_build_host_only()
    {
        Assert.Equal([BuildPlan.Artefacts(Default, Default.Hosts[0])], PostgresBuild.Declaration.Endpoints(Default, Default.Hosts[0]));
        Assert.Empty(PostgresBuild.Declaration.Endpoints(Default, Default.Hosts[1]));
    }

    [Fact]
    public void Only_what_tells_archives_apart_reaches_the_other_hosts() =>
        Assert.Equal(
            "archive=postgresql-17.4-debian13-x86_64-0123456789ab sha256=00\n",
            BuildPlan.Lines(
                "20 s: make -j2\narchive=postgresql-17.4-debian13-x86_64-0123456789ab sha256=00\r\nchanged: PostgreSQL 17.4 is built\n",
                "archive="));
}
