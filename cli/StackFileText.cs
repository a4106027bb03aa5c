using System.Text.Json;
using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>A stack file with another cluster in it, for whoever must not touch the one that people edit.</summary>
internal static class StackFileText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The file's content: JSON, which YAML is a superset of.</summary>
    /// <param name="file">The stack file; all it has besides the cluster is kept, secrets as they are encrypted there.</param>
    /// <param name="cluster">The cluster's value.</param>
    public static string With(StackFile file, JsonNode? cluster)
    {
        var config = new JsonObject();
        foreach (var (key, value) in file.Config)
        {
            config[key] = value.Secure is { } secure ? new JsonObject { ["secure"] = secure }
                : value.Structure is { } structure ? JsonNode.Parse(structure.GetRawText())
                : value.Text;
        }

        config[file.Project + ":cluster"] = cluster;
        var all = new JsonObject { ["config"] = config };
        if (file.EncryptionSalt is { } salt)
        {
            all["encryptionsalt"] = salt;
        }

        return all.ToJsonString(Indented) + "\n";
    }
}
