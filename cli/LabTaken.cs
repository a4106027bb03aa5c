using System.Text.Json;
using System.Text.Json.Nodes;
using PostgresHa.Lab;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>
/// The versions that a running lab serves, put in the place of those its stack asks for. A mirror does not have every version on every
/// day. In the lab only: what a stack of real hosts asks for is what it gets.
/// </summary>
internal static class LabTaken
{
    /// <summary>The cluster's value with what the lab serves; null where that makes no difference.</summary>
    /// <param name="cluster">The value as the stack file has it.</param>
    /// <param name="asked">The same, read.</param>
    /// <param name="projectDirectory">The project's folder.</param>
    public static JsonElement? Apply(JsonElement cluster, ClusterSpecification asked, string projectDirectory)
    {
        if (LabStack.Name(asked) is null || LabVersions.Read(LabPaths.VersionsOf(projectDirectory)) is not { } taken)
        {
            return null;
        }

        var copy = JsonObject.Create(cluster)!.DeepClone().AsObject();
        Set(copy, "postgres", asked.Postgres.Version, taken.Postgres);
        Set(copy, "etcd", asked.Etcd.Version, taken.Etcd);
        Set(copy, "patroni", asked.Patroni.Version, taken.Patroni);
        return JsonSerializer.SerializeToElement<JsonNode>(copy);
    }

    // What was had for another version than the file's is no answer to it: the next `lab up` looks for that.
    private static void Set(JsonObject cluster, string name, string asked, LabVersion? taken)
    {
        if (taken is null || taken.Asked != asked)
        {
            return;
        }

        if (cluster[name] is not JsonObject section)
        {
            cluster[name] = section = [];
        }

        section["version"] = taken.Version;
        foreach (var (key, value) in ((string, string?)[])[("sha256", taken.Sha256), ("patchesSha256", taken.PatchesSha256)])
        {
            // Only etcd's sources are patched, whatever came with the others'; Patroni's come as a wheel.
            if (value is not null && name != "patroni" && (key == "sha256" || name == "etcd"))
            {
                section[key] = value;
            }
        }
    }
}
