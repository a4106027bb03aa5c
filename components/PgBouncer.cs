using System.Globalization;
using Pulumi;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What <see cref="PgBouncer"/> needs.</summary>
public sealed record PgBouncerArgs
{
    /// <summary>The cluster.</summary>
    public required ClusterSpecification Cluster { get; init; }

    /// <summary>Its hosts; PgBouncer runs on each, in front of the PostgreSQL there.</summary>
    public required IReadOnlyList<Host> Hosts { get; init; }

    /// <summary>Password of PgBouncer's own role.</summary>
    public required Input<string> Password { get; init; }

    /// <summary>Password of the application's role, by which a login is tried.</summary>
    public required Input<string> ApplicationPassword { get; init; }

    /// <summary>By host name what stands for the user <c>postgres</c> being there; PgBouncer runs as that user.</summary>
    public required IReadOnlyDictionary<string, Resource> User { get; init; }

    /// <summary>
    /// What must be there before a client can log in: PostgreSQL and its roles. Only <see cref="PgBouncer.Verified"/> waits for it. Default nothing: then
    /// nothing is verified.
    /// </summary>
    public IReadOnlyList<Resource> Roles { get; init; } = [];
}

/// <summary>
/// PgBouncer on every host, before the PostgreSQL of the same host. Whose password is right it asks PostgreSQL, with a role of its own that may do only that
/// (<see cref="PgBouncerFiles.AuthSql"/>).
/// </summary>
public sealed class PgBouncer : ComponentResource
{
    // Roles reach a replica at once; a login then needs at most one retry after a refused one.
    private const string VerifySeconds = "60";

    /// <summary>Registers PgBouncer on all hosts.</summary>
    /// <param name="name">Resource name, prefix of its children's.</param>
    /// <param name="args">The cluster and its hosts.</param>
    /// <param name="options">Resource options.</param>
    public PgBouncer(string name, PgBouncerArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:PgBouncer", name, options)
    {
        var ready = new Dictionary<string, Resource>(StringComparer.Ordinal);
        var verified = new Dictionary<string, Resource>(StringComparer.Ordinal);
        Resource[] before = [];
        foreach (var host in args.Hosts)
        {
            var service = Service(name, host, args, before);
            ready[host.HostName] = service;
            // One after the other: a restart cuts the pooled connections of one host only.
            before = [service];
            if (args.Roles.Count > 0)
            {
                verified[host.HostName] = Verify(name, host, args, service);
            }
        }

        Ready = ready;
        Verified = verified;
        RegisterOutputs();
    }

    /// <summary>What the hosts must know of PgBouncer.</summary>
    public static ServiceDefinition Definition { get; } = new()
    {
        Name = "pgbouncer",
        Packages = static (_, _) => [PgBouncerFiles.Package],
        RestartingPackages = static (_, _) => [PgBouncerFiles.Package],
        LeastVersions = static (cluster, _) => PgBouncerFiles.LeastVersions(cluster),
        Units = static (_, _) => ["pgbouncer.service"],
        // Clients come through the virtual IP; from one host's HAProxy to another's PgBouncer.
        Ports = static (cluster, _) => [new ServicePort(cluster.Ports.PgBouncer, PortAudience.Peers)],
    };

    /// <summary>By host name the resource that stands for PgBouncer serving there.</summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    /// <summary>By host name the resource that stands for a client having logged in through PgBouncer there; empty without roles.</summary>
    public IReadOnlyDictionary<string, Resource> Verified { get; }

    private Resource Service(string name, Host host, PgBouncerArgs args, Resource[] before)
    {
        var cluster = args.Cluster;
        var user = args.User[host.HostName];
        var unit = new RemoteFile(
            $"{name}-unit-{host.HostName}",
            host,
            new RemoteFileArgs { Path = PgBouncerFiles.UnitPath, Content = PgBouncerFiles.Unit(cluster, host.Specification) },
            this);
        var users = new RemoteFile(
            $"{name}-users-{host.HostName}",
            host,
            new RemoteFileArgs
            {
                Path = PgBouncerFiles.UserListPath,
                Content = args.Password.Apply(PgBouncerFiles.UserList),
                Owner = "postgres",
                Group = "postgres",
                Mode = "0600",
            },
            this,
            user);
        var config = new RemoteFile(
            $"{name}-config-{host.HostName}",
            host,
            new RemoteFileArgs
            {
                Path = PgBouncerFiles.ConfigPath,
                Content = PgBouncerFiles.Config(cluster, host.Specification),
                Group = "postgres",
                Mode = "0640",
                Backup = true,
            },
            this,
            user);

        var address = host.Specification.Address;
        var port = Port(cluster);
        return new RemoteService(
            $"{name}-service-{host.HostName}",
            host,
            new RemoteServiceArgs
            {
                Unit = "pgbouncer.service",
                RestartFiles = [unit],
                ReloadFiles = [users, config],
                // Everything but what it listens on changes by a reload.
                Versions = [$"{address}:{port}"],
                Health = ["pgbouncer-health", port, address, "127.0.0.1"],
                Timeout = TimeSpan.FromSeconds(30),
            },
            this,
            before).Resource;
    }

    private Resource Verify(string name, Host host, PgBouncerArgs args, Resource service)
    {
        var cluster = args.Cluster;
        return new RemoteCommand(
            $"{name}-verify-{host.HostName}",
            host,
            new RemoteCommandArgs
            {
                Tool = "pgbouncer-verify",
                Arguments =
                [
                    VerifySeconds,
                    cluster.Postgres.BinDirectory + "/psql",
                    host.Specification.Address,
                    Port(cluster),
                    cluster.Postgres.Database,
                    cluster.Postgres.Owner,
                ],
                Stdin = args.ApplicationPassword.Apply(static password => password + "\n"),
            },
            this,
            [service, .. args.Roles]).Resource;
    }

    private static string Port(ClusterSpecification cluster) => cluster.Ports.PgBouncer.ToString(CultureInfo.InvariantCulture);
}
