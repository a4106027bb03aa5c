using System.Text.Json;
using PostgresHa.Cli.Status;
using PostgresHa.Components;
using PostgresHa.Specification;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Tests.Cli;

public sealed class DynamicSettingsTests
{
    private static readonly ClusterSpecification Cluster = SampleCluster.With(
        """{"parameters":{"wal_level":"logical"}}""",
        """{"watchdog":"automatic","slots":[{"name":"orders","type":"logical"}],"ignoreSlots":[{"plugin":"wal2json"}]}""");

    [Fact]
    public void What_the_stack_file_asks_for_differs_in_nothing() => Assert.Empty(Compare(Asked()));

    [Fact]
    public void A_parameter_set_by_hand_would_go()
    {
        var difference = Assert.Single(Compare(Asked()
            .Replace("\"wal_level\"", "\"work_mem_x\":\"64MB\",\"wal_level\"", StringComparison.Ordinal)));
        Assert.Equal(new SettingDifference("postgresql.parameters.work_mem_x", "64MB", null), difference);
        Assert.Equal("postgresql.parameters.work_mem_x is 64MB in the running cluster, and not in the stack file", difference.ToString());
    }

    [Fact]
    public void A_slot_and_an_entry_set_by_hand_would_go()
    {
        var differences = Compare(Asked()
            .Replace("\"slots\":{", "\"slots\":{\"byhand\":{\"type\":\"physical\"},", StringComparison.Ordinal)
            .Replace("\"ignore_slots\":[", "\"ignore_slots\":[{\"name\":\"x\"},", StringComparison.Ordinal));
        Assert.Contains(differences, static difference => difference is { Name: "slots.byhand.type", Asked: null });
        Assert.Contains(differences, static difference => difference.Name == "ignore_slots[0].name");
    }

    [Fact]
    public void A_changed_setting_is_shown_with_both_values() =>
        Assert.Equal(
            new SettingDifference("ttl", "40", "20"),
            Assert.Single(Compare(Asked().Replace("\"ttl\":20", "\"ttl\":40", StringComparison.Ordinal))));

    [Fact]
    public void What_the_stack_file_has_no_key_for_stays_and_is_not_shown() => Assert.Empty(Compare(Asked().Replace(
        "\"ttl\":20", "\"ttl\":20,\"member_slots_ttl\":\"1h\",\"standby_cluster\":{\"host\":\"x\"},\"pause\":true,\"paused_by\":null",
        StringComparison.Ordinal)
        .Replace("\"use_slots\":true", "\"use_slots\":true,\"pg_hba\":[\"local all all peer\"]", StringComparison.Ordinal)));

    private static IReadOnlyList<SettingDifference> Compare(string json)
    {
        using var document = JsonDocument.Parse(json);
        return DynamicSettings.Compare(Cluster, DynamicSettings.Flat(document.RootElement));
    }

    // As Patroni's API shows what was written: numbers and truth values as such.
    private static string Asked()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(PatroniFiles.DynamicConfiguration(Cluster)));
        return Json(yaml.Documents[0].RootNode);
    }

    private static string Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => "{" + string.Join(',', mapping.Select(static pair => $"\"{pair.Key}\":{Json(pair.Value)}")) + "}",
        YamlSequenceNode list => "[" + string.Join(',', list.Select(Json)) + "]",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain when plain.Value is "true" or "false"
            || long.TryParse(plain.Value, out _) => plain.Value,
        _ => JsonSerializer.Serialize(((YamlScalarNode)node).Value),
    };
}
