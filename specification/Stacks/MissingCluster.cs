using YamlDotNet.RepresentationModel;

namespace PostgresHa.Specification;

/// <summary>Says why a stack file gives no cluster: the key is at the wrong place, misspelt, encrypted or empty.</summary>
internal static class MissingCluster
{
    private const string Config = "config";

    public static SpecificationError Explain(
        string project, string path, IReadOnlyDictionary<string, StackValue> config, YamlMappingNode? file)
    {
        var key = project + ":cluster";
        var name = Path.GetFileName(path);
        var whole = $"write {Config}:, below it {key}:, and below that at least name, hosts and vip";
        if (config.TryGetValue(key, out var value))
        {
            return value.Secure is not null
                ? new(
                    key,
                    null,
                    "is encrypted",
                    "write it in plain text, and set passwords as secrets of their own: pulumi config set --secret NAME")
                : new(
                    key,
                    value.Text is { Length: > 0 } text ? Scalars.Show(text) : null,
                    value.Text is { Length: > 0 } ? "is not a mapping" : "is empty",
                    "write the cluster's values below it, at least name, hosts and vip");
        }

        if (file is null)
        {
            return new(key, null, $"is missing: {name} is empty", whole);
        }

        string[] top = [.. file.Children.Keys.OfType<YamlScalarNode>().Select(node => node.Value ?? "")];
        if (top.Contains(key, StringComparer.Ordinal))
        {
            return new(
                key, null, $"stands at the top of {name}, where nothing reads it", $"put it below {Config}:, two blanks further right");
        }

        if (YamlText.Child(file, Config) is null)
        {
            return new(
                key,
                null,
                $"is missing: {name} has no {Config}",
                NearestOf(top, Config) is { } meant ? $"write {Config}: where it has {meant}:" : whole);
        }

        return new(key, null, $"is missing below {Config} in {name}", NearestOf(config.Keys, key) is { } near
            ? $"write {key}: where it has {near}:"
            : $"write {key}: there, and below it at least name, hosts and vip");
    }

    private static string? NearestOf(IEnumerable<string> written, string right) =>
        written.FirstOrDefault(candidate => NearestName.Find(candidate, [right]) is not null);
}
