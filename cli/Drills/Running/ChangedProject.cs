using System.Text.Json.Nodes;

namespace PostgresHa.Cli.Drills;

/// <summary>
/// The project with another stack file in place of the stack's own: a folder of links, with the very same state. The
/// file that people edit is never written, so it is as before whatever becomes of this process, and the next <c>up</c> leads back to it.
/// </summary>
internal static class ChangedProject
{
    /// <summary>Writes it anew.</summary>
    /// <param name="stack">The stack as its file says.</param>
    /// <param name="runtime">The folder to make it in.</param>
    /// <param name="change">Changes the cluster's value.</param>
    /// <returns>The folder, for <c>--project</c>.</returns>
    public static string Write(StackContext stack, string runtime, Action<JsonObject> change)
    {
        var folder = Path.Combine(runtime, "drill");
        if (Directory.Exists(folder))
        {
            // Links go, what they point to stays.
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        var own = Path.GetFileName(stack.File.Path);
        foreach (var entry in Directory.EnumerateFileSystemEntries(stack.Project.Directory))
        {
            if (Path.GetFileName(entry) is var name && name != own)
            {
                File.CreateSymbolicLink(Path.Combine(folder, name), entry);
            }
        }

        var cluster = JsonObject.Create(stack.File.Cluster)!.DeepClone().AsObject();
        change(cluster);
        File.WriteAllText(Path.Combine(folder, own), StackFileText.With(stack.File, cluster));
        return folder;
    }

    /// <summary>Sets a value by its path, such as <c>haproxy.maxConnections</c>; sections that are missing are made.</summary>
    public static void Set(JsonObject cluster, string path, JsonNode value)
    {
        var names = path.Split('.');
        var section = cluster;
        foreach (var name in names[..^1])
        {
            if (section[name] is not JsonObject next)
            {
                section[name] = next = [];
            }

            section = next;
        }

        section[names[^1]] = value;
    }
}
