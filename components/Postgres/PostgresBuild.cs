using PostgresHa.Components.Building;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What a <see cref="PostgresBuild"/> needs.</summary>
public sealed record PostgresBuildArgs : ComponentArgs
{
    /// <summary>
    /// By host name, the resource after which the host's firewall lets its peers in: a build is fetched from the host that made it.
    /// </summary>
    public required IReadOnlyDictionary<string, Resource> Firewall { get; init; }
}

/// <summary>
/// PostgreSQL's programs from source on every host, user postgres, and an empty data directory. Nothing is initialised or started: that is
/// Patroni's part. A new version is put in place beside the running one, which stays until Patroni's component restarts it.
/// </summary>
public sealed class PostgresBuild : ComponentResource
{
    /// <summary>The service.</summary>
    /// <remarks>
    /// What compiling needs is installed by the build itself, where and when something is compiled; what running needs, by the
    /// installation.
    /// </remarks>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "postgres",
        Program = Component.Postgres,
        Compiles = PostgresFiles.Compiles,
        ProgramFolders = static (cluster, _) => [Path.GetDirectoryName(cluster.Postgres.Prefix)!],
        Users = static (_, host) => [new SystemUser(PostgresFiles.User, PostgresFiles.Home(host.System))],
        Endpoints = static (cluster, host) => PostgresFiles.Serves(cluster, host) ? [BuildPlan.Artefacts(cluster, host)] : [],
        Report = static (cluster, _) => ["--data", cluster.Postgres.DataDirectory],
    };

    /// <summary>Registers the build.</summary>
    /// <param name="name">Resource name: <c>postgres</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public PostgresBuild(string name, PostgresBuildArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:PostgresBuild", name, options)
    {
        var build = new SourceBuild(
            new SourceBuildArgs
            {
                Name = "postgres",
                Hosts = args.Hosts,
                Place = args.Cluster.Postgres.Build,
                Options = host => PostgresFiles.Options(args.Cluster, host),
                Installation = host => [args.Cluster.Postgres.DataDirectory, PostgresFiles.Home(host.System)],
                Firewall = args.Firewall,
            },
            this);
        Ready = build.Ready;
        Installed = build.Installed;
        RegisterOutputs();
    }

    /// <summary>By host name, the resource after which user, programs and data directory are there.</summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    /// <summary>
    /// By host name, a line that tells one installation from another: a change of it means a server that runs is owed a restart.
    /// </summary>
    public IReadOnlyDictionary<string, Output<string>> Installed { get; }
}
