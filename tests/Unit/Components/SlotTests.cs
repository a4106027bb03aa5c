using System.Text.Json.Nodes;
using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class SlotTests
{
    private static readonly ClusterSpecification Cluster = Yaml.Valid(Yaml.With(
        ("postgres.parameters", Yaml.Parse("{ wal_level: logical }")),
        (
            "patroni.slots",
            Yaml.Parse("[{ name: archive }, { name: '42', plugin: wal2json }, { name: orders, type: logical, database: shop }]")),
        ("patroni.ignoreSlots", Yaml.Parse("[{ name: debezium, type: logical }, { plugin: wal2json, database: shop }]"))));

    [Fact]
    public void Patroni_is_told_of_each_in_its_own_words()
    {
        var dynamic = Yaml.Parse(PatroniFiles.DynamicConfiguration(Cluster))!;

        Assert.Equal(
            """{"archive":{"type":"physical"},"42":{"type":"logical","database":"app","plugin":"wal2json"}"""
+ ""","orders":{"type":"logical","database":"shop","plugin":"pgoutput"}}""",
            dynamic["slots"]!.ToJsonString());
        Assert.Equal(
            """[{"name":"debezium","type":"logical"},{"database":"shop","plugin":"wal2json"}]""", dynamic["ignore_slots"]!.ToJsonString());
        Assert.Equal(
            dynamic.ToJsonString(), Yaml.Parse(PatroniFiles.Config(Cluster, Cluster.Hosts[0]))!["bootstrap"]!["dcs"]!.ToJsonString());
    }

    [Fact]
    public void Without_any_nothing_is_said_of_them()
    {
        var dynamic = (JsonObject)Yaml.Parse(PatroniFiles.DynamicConfiguration(Yaml.Valid(Yaml.With())))!;

        Assert.False(dynamic.ContainsKey("slots") || dynamic.ContainsKey("ignore_slots"));
    }

    [Fact]
    public void There_is_room_for_them()
    {
        var parameters = PatroniParameters.Of(Cluster).ToDictionary(StringComparer.Ordinal);

        Assert.Equal("12", parameters["max_replication_slots"]);
        Assert.Equal("19", parameters["max_wal_senders"]);
    }
}
