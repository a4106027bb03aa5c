using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PostgresHa.Specification;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Configurations for tests, written as in a stack file.</summary>
internal static class Yaml
{
    /// <summary>The shortest valid configuration.</summary>
    public static JsonObject Base() => (JsonObject)Parse($$"""
        name: orders
        ssh: { agent: true }
        hostDefaults: { system: debian, interface: eth0 }
        hosts:
          - { name: db1, address: 10.0.12.9, hostKey: {{TemporaryProject.HostKey}} }
          - { name: db2, address: 10.0.12.4, hostKey: {{TemporaryProject.HostKey}} }
          - { name: db3, address: 10.0.16.11, hostKey: {{TemporaryProject.HostKey}} }
        vip: { address: 10.0.12.10, prefix: 19 }
        etcd: { method: archive }
        """)!;

    public static JsonNode? Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return JsonNode.Parse(new YamlJson("test").Convert(stream.Documents[0].RootNode).GetRawText());
    }

    /// <summary>The base with values put at paths such as <c>hosts[1].address</c>; null removes.</summary>
    public static JsonElement With(params (string Path, JsonNode? Value)[] changes) => Element(Apply(Base(), changes));

    /// <summary>The base with one value, written as YAML, at a path.</summary>
    public static JsonElement With(string path, string yaml) => With((path, Parse(yaml)));

    public static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node);

    public static SpecificationResult Read(JsonElement cluster) => SpecificationReader.Read(cluster, "/nowhere");

    public static ClusterSpecification Valid(JsonElement cluster)
    {
        var result = Read(cluster);
        Assert.Empty(result.Errors);
        return result.Specification!;
    }

    public static JsonObject Apply(JsonObject root, IEnumerable<(string Path, JsonNode? Value)> changes)
    {
        foreach (var (path, value) in changes)
        {
            var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
            JsonNode current = root;
            for (var i = 0; i < steps.Length; i++)
            {
                var last = i == steps.Length - 1;
                current = steps[i].StartsWith('[')
                    ? InList((JsonArray)current, steps[i], last, value)
                    : InMapping((JsonObject)current, steps[i], last, value);
            }
        }

        return root;
    }

    private static JsonNode InMapping(JsonObject mapping, string name, bool last, JsonNode? value)
    {
        if (!last)
        {
            return mapping[name] ?? (mapping[name] = new JsonObject());
        }

        mapping.Remove(name);
        if (value is not null)
        {
            mapping[name] = value.DeepClone();
        }

        return mapping;
    }

    private static JsonNode InList(JsonArray list, string step, bool last, JsonNode? value)
    {
        var index = int.Parse(step.Trim('[', ']'), CultureInfo.InvariantCulture);
        if (!last)
        {
            return list[index]!;
        }

        if (value is null)
        {
            list.RemoveAt(index);
        }
        else if (index == list.Count)
        {
            list.Add(value.DeepClone());
        }
        else
        {
            list[index] = value.DeepClone();
        }

        return list;
    }
}
