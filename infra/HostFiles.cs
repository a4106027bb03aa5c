using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Infra;

/// <summary>All files that the program writes on a host, as data: what is shown and tested is what the components register.</summary>
public static class HostFiles
{
    /// <summary>
    /// The files of one host that are written as they are and remembered there: those of every service, and of what upgrades the host.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    /// <param name="stack">The stack, as <c>PROJECT/STACK</c>.</param>
    public static IEnumerable<HostFile> Managed(ClusterSpecification cluster, HostSpecification host, string stack) =>
    [
        HostSetup.IdentityFile(cluster, host, stack),
        .. UpgradeFiles.All(ClusterServices.All, cluster, host),
        .. ClusterServices.All.Of(cluster).SelectMany(service => service.Files(cluster, host)),
    ];

    /// <summary>All files of one host, by path: also its tools, and our lines of its hosts file.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    /// <param name="stack">The stack, as <c>PROJECT/STACK</c>.</param>
    /// <param name="secret">Gives the value of each secret that is in one of them.</param>
    public static IEnumerable<HostFile> Of(
        ClusterSpecification cluster, HostSpecification host, string stack, Func<ClusterSecret, string> secret) =>
        ToolBundle.Tools.Select(
            static tool => new HostFile { Name = tool.Name, Path = HostPaths.Tool(tool.Name), Content = tool.Text, Mode = "0755" })
            .Append(new HostFile { Name = "names", Path = HostNames.Path, Content = HostNames.Lines(cluster) })
            .Concat(Managed(cluster, host, stack).Select(file => file with { Content = file.Content.Text(secret) }))
            .OrderBy(static file => file.Path, StringComparer.Ordinal);
}
