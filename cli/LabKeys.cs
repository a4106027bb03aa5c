using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PostgresHa.Cli;

/// <summary>
/// The lab makes keys when it is brought up, yet its stack is read before: to know which hosts to make, and for what needs no connection.
/// </summary>
internal static class LabKeys
{
    private const string Algorithm = "ssh-ed25519";
    private const string HostKey = "hostKey";

    // As LabPaths has them, which is not known before the stack is read.
    private const string KnownHosts = ".lab/ssh/known_hosts";
    private const string PrivateKey = ".lab/ssh/id_ed25519";

    /// <summary>Whether a stack's keys come from a lab that has not made them yet.</summary>
    public static bool ArePending(JsonElement cluster, string projectDirectory) =>
        Text(cluster, "networkNamespace") is not null
        && Names(cluster, "knownHostsFile", KnownHosts, projectDirectory)
        && Names(cluster, "privateKeyFile", PrivateKey, projectDirectory)
        && !File.Exists(Path.Join(projectDirectory, KnownHosts));

    /// <summary>What makes a file that is not there, as a remedy; null where it is not the lab.</summary>
    /// <param name="path">The file's absolute path.</param>
    /// <param name="projectDirectory">The project's folder.</param>
    public static string? Maker(string path, string projectDirectory) =>
        path.StartsWith(Path.Join(Path.GetFullPath(projectDirectory), ".lab") + "/", StringComparison.Ordinal)
            ? "run ./pgha lab up, which makes it"
            : null;

    /// <summary>The same value with well-formed stand-ins for the keys.</summary>
    public static JsonElement StandIn(JsonElement cluster)
    {
        var copy = JsonObject.Create(cluster)!.DeepClone().AsObject();
        var ssh = copy["ssh"]!.AsObject();
        ssh.Remove("knownHostsFile");
        ssh.Remove("privateKeyFile");
        if (copy["hosts"] is JsonArray hosts)
        {
            byte number = 0;
            foreach (var host in hosts.OfType<JsonObject>())
            {
                host.TryAdd(HostKey, JsonValue.Create(Key(++number)));
            }
        }

        return JsonSerializer.SerializeToElement<JsonNode>(copy);
    }

    /// <summary>
    /// The same value with stand-ins for the keys of hosts that were added to a lab's stack and are not made yet; null when there are none.
    /// </summary>
    /// <param name="cluster">The cluster's value.</param>
    /// <param name="projectDirectory">The project's folder.</param>
    public static JsonElement? StandInForNew(JsonElement cluster, string projectDirectory)
    {
        var file = Path.Join(projectDirectory, KnownHosts);
        if (Text(cluster, "networkNamespace") is null || !Names(cluster, "knownHostsFile", KnownHosts, projectDirectory)
            || !File.Exists(file))
        {
            return null;
        }

        var known = File.ReadLines(file).Select(static line => line.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        var copy = JsonObject.Create(cluster)!.DeepClone().AsObject();
        var number = byte.MaxValue;
        foreach (var host in (copy["hosts"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (!host.ContainsKey(HostKey) && host["address"] is JsonValue address && address.TryGetValue<string>(out var text)
                && !known.Contains(text))
            {
                host[HostKey] = Key(number--);
            }
        }

        return number == byte.MaxValue ? null : JsonSerializer.SerializeToElement<JsonNode>(copy);
    }

    // Another file is not made by the lab: that it is missing is to be said.
    private static bool Names(JsonElement cluster, string name, string file, string projectDirectory) =>
        Text(cluster, name) is { Length: > 0 } path
        && !path.Contains('\0', StringComparison.Ordinal)
        && Path.GetFullPath(path, projectDirectory) == Path.Join(projectDirectory, file);

    private static string? Text(JsonElement cluster, string name) =>
        cluster.ValueKind == JsonValueKind.Object
        && cluster.TryGetProperty("ssh", out var ssh) && ssh.ValueKind == JsonValueKind.Object
        && ssh.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Key(byte number)
    {
        var blob = new byte[4 + Algorithm.Length + 4 + 32];
        BinaryPrimitives.WriteInt32BigEndian(blob, Algorithm.Length);
        Encoding.ASCII.GetBytes(Algorithm, blob.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(4 + Algorithm.Length), 32);
        blob[^1] = number;
        return $"{Algorithm} {Convert.ToBase64String(blob)}";
    }
}
