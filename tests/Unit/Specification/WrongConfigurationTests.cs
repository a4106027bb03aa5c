using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Each configuration of WrongConfigurations.yaml is refused with exactly one error that names path, value and remedy.</summary>
public sealed class WrongConfigurationTests
{
    private static readonly JsonArray Cases = Load();

    public static TheoryData<string> Names => [.. Cases.Select(item => (string)item!["case"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_with_one_clear_error(string name)
    {
        var item = Cases.Single(candidate => (string)candidate!["case"]! == name)!;
        var set = item["set"] as JsonObject ?? [];
        var removed = (item["remove"] as JsonArray ?? []).Select(path => (string)path!);
        var root = Yaml
            .Apply(Yaml.Base(), [.. set.Select(pair => (pair.Key, pair.Value)), .. removed.Select(path => (path, (JsonNode?)null))]);

        var result = Yaml.Read(Yaml.Element(root));

        Assert.Null(result.Specification);
        var all = string.Join('\n', result.Errors);
        Assert.True(result.Errors.Count == 1, $"one error expected, seen:\n{all}");
        var error = result.Errors[0];
        var path = (string)item["path"]!;
        Assert.Equal(path.Length == 0 ? "postgres-ha:cluster" : "postgres-ha:cluster." + path, error.Path);
        Assert.Contains((string)item["problem"]!, $"{error.Value} {error.Problem}", StringComparison.Ordinal);
        Assert.Contains((string)item["remedy"]!, error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.ToString());
        Assert.False(error.Remedy.EndsWith('.'), error.ToString());
    }

    [Fact]
    public void There_are_at_least_sixty_and_each_has_its_own_name()
    {
        Assert.True(Cases.Count >= 60);
        Assert.Equal(Cases.Count, Cases.Select(item => (string)item!["case"]!).Distinct(StringComparer.Ordinal).Count());
    }

    private static JsonArray Load()
    {
        using var stream = typeof(WrongConfigurationTests).Assembly.GetManifestResourceStream("WrongConfigurations.yaml")!;
        using var reader = new StreamReader(stream);
        return (JsonArray)Yaml.Parse(reader.ReadToEnd())!;
    }
}
