using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Infra;

/// <summary>All files that the program writes on a host, as data: what is shown and tested is what the components register.</summary>
public static class HostFiles
{
    /// <summary>The files of one host: its tools, our lines of its hosts file, and those of every service.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static IEnumerable<HostFile> Of(ClusterSpecification cluster, HostSpecification host) =>
    [
        .. ToolBundle.Tools.Select(static tool => new HostFile { Name = tool.Name, Path = HostPaths.Tool(tool.Name), Content = tool.Text, Mode = "0755" }),
        // Only our lines: the rest of the file is the host's own.
        new HostFile { Name = "names", Path = HostNames.Path, Content = HostNames.Lines(cluster) },
        .. UpgradeFiles.All(ClusterServices.All, cluster, host),
        .. ClusterServices.All.Of(cluster).SelectMany(service => service.Files(cluster, host)),
    ];

    /// <summary>The files of one host with their text, by path.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    /// <param name="secret">Gives the value of each secret.</param>
    public static IEnumerable<(HostFile File, string Text)> Of(ClusterSpecification cluster, HostSpecification host, Func<ClusterSecret, string> secret) =>
        Of(cluster, host).Select(file => (file, file.Content.Text(secret))).OrderBy(static file => file.file.Path, StringComparer.Ordinal);
}
