using System.Globalization;
using System.Text.Json;
using PostgresHa.Components;
using PostgresHa.Specification;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Cli.Status;

/// <summary>A setting of Patroni's dynamic configuration that is not as the stack file asks.</summary>
/// <param name="Name">Its name, the levels parted by dots: <c>postgresql.parameters.work_mem</c>.</param>
/// <param name="Running">Its value in the running cluster; null where it has none.</param>
/// <param name="Asked">Its value by the stack file; null where the file does not have it.</param>
public sealed record SettingDifference(string Name, string? Running, string? Asked)
{
    /// <summary>The difference as a phrase.</summary>
    public override string ToString() => (Running, Asked) switch
    {
        (null, _) => $"{Name} is not set in the running cluster, the stack file asks for {Asked}",
        (_, null) => $"{Name} is {Running} in the running cluster, and not in the stack file",
        _ => $"{Name} is {Running} in the running cluster, the stack file asks for {Asked}",
    };
}

/// <summary>
/// Patroni's dynamic configuration, asked and running: what the tool <c>patroni-configure</c> would change. It leaves alone what the stack
/// file has no key for.
/// </summary>
public static class DynamicSettings
{
    // Maintenance mode lies there too.
    private static readonly string[] Passing = ["pause", "paused_by"];

    // The stack file's also where they do not stand in it: patroni.slots, patroni.ignoreSlots, patroni.synchronous.
    private static readonly string[] Owned = ["slots", "ignore_slots", "synchronous_mode_strict"];

    /// <summary>What differs, by name.</summary>
    /// <param name="cluster">The cluster as asked.</param>
    /// <param name="running">Its running configuration, flat.</param>
    public static IReadOnlyList<SettingDifference> Compare(ClusterSpecification cluster, IReadOnlyDictionary<string, string> running)
    {
        var asked = Flat(PatroniFiles.DynamicConfiguration(cluster));
        var sections = asked.Keys.Select(Section).Concat(Owned).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. asked.Keys.Concat(running.Keys).Distinct().Order(StringComparer.Ordinal)
                .Where(name => sections.Contains(Section(name)) && !Passing.Contains(name))
                .Select(name => new SettingDifference(name, running.GetValueOrDefault(name), asked.GetValueOrDefault(name)))
                .Where(static difference => difference.Running != difference.Asked),
        ];
    }

    /// <summary>A configuration in YAML as one level of dotted names: its first document.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">It is no YAML.</exception>
    public static IReadOnlyDictionary<string, string> Flat(string yaml)
    {
        using var text = new StringReader(yaml);
        var stream = new YamlStream();
        stream.Load(text);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (stream.Documents.Count > 0)
        {
            Add(settings, "", stream.Documents[0].RootNode);
        }

        return settings;
    }

    /// <summary>A configuration as one level of dotted names.</summary>
    public static IReadOnlyDictionary<string, string> Flat(JsonElement configuration)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(settings, "", configuration);
        return settings;
    }

    // What is decided about as a whole: a key, below postgresql the key there.
    private static string Section(string name)
    {
        var levels = name.Split('.', '[');
        return levels[0] == "postgresql" && levels.Length > 1 ? levels[0] + "." + levels[1] : levels[0];
    }

    private static void Add(SortedDictionary<string, string> settings, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    Add(settings, Below(name, property.Name), property.Value);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    Add(settings, Entry(name, index++), element);
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                settings[name] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                break;
        }
    }

    private static void Add(SortedDictionary<string, string> settings, string name, YamlNode value)
    {
        switch (value)
        {
            case YamlMappingNode mapping:
                foreach (var (key, below) in mapping)
                {
                    Add(settings, Below(name, ((YamlScalarNode)key).Value ?? ""), below);
                }

                break;
            case YamlSequenceNode sequence:
                var index = 0;
                foreach (var element in sequence)
                {
                    Add(settings, Entry(name, index++), element);
                }

                break;
            case YamlScalarNode scalar:
                settings[name] = scalar.Value ?? "";
                break;
        }
    }

    private static string Below(string name, string key) => name.Length == 0 ? key : $"{name}.{key}";

    private static string Entry(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");
}
