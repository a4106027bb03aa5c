using System.Text.Json;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Infra;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Bill;

/// <summary>What a host is asked.</summary>
internal static class BillQuestion
{
    /// <summary>The tool that answers with a <see cref="HostBill"/>.</summary>
    public const string Tool = "host-bill";

    /// <summary>The command line.</summary>
    public static string CommandLine(ClusterSpecification cluster) => HostCommand.AsRoot(cluster, [HostPaths.Tool(Tool)]);

    /// <summary>What it reads: what the stack file wants to be there. No address of a mirror, which could hold a password.</summary>
    public static string Stdin(ClusterSpecification cluster, HostSpecification host) => JsonSerializer.Serialize(
        new
        {
            Packages = ClusterServices.All.Packages(cluster, host).Select(static package => package.Name).Distinct()
                .Order(StringComparer.Ordinal),
            cluster.Postgres.Prefix,
            Postgres = PostgresFiles.Recipe(cluster.Postgres),
            EtcdMethod = cluster.Etcd.Method == EtcdMethod.Source ? "source" : "archive",
            Etcd = host.Etcd ? EtcdFiles.Recipe(cluster.Etcd) : [],
            Patroni = cluster.Patroni.Method == PatroniMethod.Pip ? PatroniFiles.EnvironmentPath : null,
        },
        JsonSerializerOptions.Web);
}
