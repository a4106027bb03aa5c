namespace PostgresHa.Components.Remote;

/// <summary>Where our own things lie on every host.</summary>
public static class HostPaths
{
    /// <summary>Folder of the tools: the scripts of templates/, without their ending.</summary>
    public const string Tools = "/usr/local/lib/postgres-ha";

    /// <summary>Folder of what is remembered about the host: the manifest of files, what services run with.</summary>
    public const string State = "/var/lib/postgres-ha";

    /// <summary>Folder of built archives and build logs.</summary>
    public const string Cache = "/var/cache/postgres-ha";

    /// <summary>Path of a tool.</summary>
    /// <param name="tool">Its name, for instance <c>file-write</c>.</param>
    public static string Tool(string tool) => $"{Tools}/{tool}";
}
