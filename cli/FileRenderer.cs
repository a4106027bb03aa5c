using PostgresHa.Infra;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>A file as it would reach a host.</summary>
/// <param name="Host">Name of the host.</param>
/// <param name="Path">Its absolute path there.</param>
/// <param name="Content">Its content, with stand-ins for the passwords.</param>
public sealed record RenderedFile(string Host, string Path, string Content);

/// <summary>The files that the program would write.</summary>
public static class FileRenderer
{
    /// <summary>All files of all hosts, by host and path.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="stack">The stack, as <c>PROJECT/STACK</c>.</param>
    public static IReadOnlyList<RenderedFile> Render(ClusterSpecification cluster, string stack) =>
    [
        .. cluster.Hosts.OrderBy(static host => host.Name, StringComparer.Ordinal).SelectMany(host =>
            HostFiles.Of(cluster, host, stack, static secret => $"SECRET-{secret.Key}")
                .Select(file => new RenderedFile(host.Name, file.Path, file.Content.Plain))),
    ];
}
