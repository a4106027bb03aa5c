using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

public sealed class IdentityTests
{
    private static readonly IReadOnlyDictionary<string, string> Former = ClusterIdentity.Of(Yaml.Valid(Yaml.With()));

    [Fact]
    public void Nothing_that_may_change_is_refused() => Assert.Empty(Changes(
        ("postgres.parameters", Yaml.Parse("{ work_mem: 8MB }")),
        ("vip.address", "10.0.12.11"),
        ("postgres.version", "17.12"),
        ("hosts[0].priority", 120),
        ("ports.write", 5010)));

    [Theory]
    [InlineData("name", "\"other\"", "is orders on the cluster")]
    [InlineData("patroni.namespace", "\"/service\"", "is /db on the cluster")]
    [InlineData("postgres.dataDirectory", "\"/srv/pg\"", "is /opt/pgdata17 on the cluster")]
    [InlineData("postgres.prefix", "\"/srv/pgsql\"", "is /opt/pgsql on the cluster")]
    [InlineData("etcd.dataDirectory", "\"/srv/etcd\"", "is /var/lib/etcd on the cluster")]
    [InlineData("ports.postgres", "15432", "is 5432 on the cluster")]
    [InlineData("ports.patroniApi", "18008", "is 8008 on the cluster")]
    [InlineData("ports.etcdClient", "12379", "is 2379 on the cluster")]
    [InlineData("ports.etcdPeer", "12380", "is 2380 on the cluster")]
    public void What_data_and_members_are_known_by_is_named_with_the_old_value(string path, string value, string problem)
    {
        var error = Assert.Single(Changes((path, Yaml.Parse(value))));

        Assert.Equal("postgres-ha:cluster." + path, error.Path);
        Assert.Contains(problem, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("put it back", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_major_version_takes_an_upgrade() => Assert.Contains(
        "takes an upgrade",
        Assert.Single(ClusterIdentity.Changes(
            new Dictionary<string, string>(Former) { ["postgres.version"] = "16" }, Yaml.Valid(Yaml.With()))).Remedy,
        StringComparison.Ordinal);

    [Fact]
    public void A_host_keeps_its_name_and_its_address()
    {
        var moved = Assert.Single(Changes(("hosts[2].address", "10.0.16.12")));
        Assert.Equal("postgres-ha:cluster.hosts[2].address", moved.Path);
        Assert.Contains("another one than 10.0.16.11", moved.Problem, StringComparison.Ordinal);

        var renamed = Assert.Single(Changes(("hosts[2].name", "other")));
        Assert.Equal("postgres-ha:cluster.hosts[2].name", renamed.Path);
        Assert.Contains("./pgha migrate", renamed.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_change_places_are_two_errors()
    {
        var cluster = Yaml.Valid(Yaml.With());
        var swapped = cluster with
        {
            Hosts =
            [
                cluster.Hosts[0] with { Name = cluster.Hosts[1].Name }, cluster.Hosts[1] with { Name = cluster.Hosts[0].Name },
                cluster.Hosts[2],
            ],
        };

        Assert.Equal(2, ClusterIdentity.Changes(Former, swapped).Count);
    }

    [Fact]
    public void One_of_three_hosts_may_be_another_one()
    {
        Assert.Empty(Changes(("hosts[2].name", "db9"), ("hosts[2].address", "10.0.12.19")));

        var two = Assert.Single(Changes(
            ("hosts[2].name", "db9"), ("hosts[2].address", "10.0.12.19"), ("hosts[1].name", "db8"), ("hosts[1].address", "10.0.12.18")));
        Assert.Contains("leaves db1 of the etcd members db1, db2, db3", two.Problem, StringComparison.Ordinal);
        Assert.Contains("change one host at a time", two.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_is_as_the_stack_has_it_has_no_differences()
    {
        var cluster = Yaml.Valid(Yaml.With());

        Assert.Empty(ClusterIdentity.Differences(
            ClusterIdentity.Lines("postgres-ha/dev", cluster, cluster.Hosts[1]), "postgres-ha/dev", cluster, cluster.Hosts[1]));
    }

    [Theory]
    [InlineData("postgres.dataDirectory", "\"/srv/pg\"", "postgres.dataDirectory", "/opt/pgdata17", "/srv/pg", true)]
    [InlineData("etcd.dataDirectory", "\"/srv/etcd\"", "etcd.dataDirectory", "/var/lib/etcd", "/srv/etcd", true)]
    [InlineData("hosts[1].name", "db9", "host", "db2", "db9", true)]
    [InlineData("hosts[1].address", "10.0.12.5", "address", "10.0.12.4", "10.0.12.5", false)]
    [InlineData("name", "\"other\"", "name", "orders", "other", false)]
    public void Directories_and_names_move(string path, string value, string key, string former, string wanted, bool canMove)
    {
        var cluster = Yaml.Valid(Yaml.With());
        var changed = Yaml.Valid(Yaml.With((path, Yaml.Parse(value))));

        Assert.Equal(
            new HostDifference(key, former, wanted, canMove),
            Assert.Single(ClusterIdentity.Differences(
                ClusterIdentity.Lines("postgres-ha/dev", cluster, cluster.Hosts[1]), "postgres-ha/dev", changed, changed.Hosts[1])));
    }

    [Fact]
    public void A_move_that_did_not_end_is_a_difference_whatever_the_stack_says()
    {
        var cluster = Yaml.Valid(Yaml.With());
        var lines = ClusterIdentity.Lines("postgres-ha/dev", cluster, cluster.Hosts[1]) + "migrating {\"etcd\": [\"/a\", \"/b\"]}\n";

        Assert.True(Assert.Single(ClusterIdentity.Differences(lines, "postgres-ha/dev", cluster, cluster.Hosts[1])).CanMove);
    }

    private static IReadOnlyList<SpecificationError> Changes(params (string Path, JsonNode? Value)[] changes) =>
        ClusterIdentity.Changes(Former, Yaml.Valid(Yaml.With(changes)));
}
