using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="PgBouncer"/> needs.</summary>
public sealed record PgBouncerArgs : ComponentArgs
{
    /// <summary>By host name what stands for the user <c>postgres</c> being there; PgBouncer runs as that user.</summary>
    public required IReadOnlyDictionary<string, Resource> User { get; init; }

    /// <summary>By host name, key, certificate and authority there.</summary>
    public required IReadOnlyDictionary<string, RemoteFiles> Certificates { get; init; }

    /// <summary>What becomes of clients without TLS.</summary>
    public required Output<TlsClients> Clients { get; init; }

    /// <summary>What has the password of its role hold, where the database runs, before PgBouncer comes with it. Default nothing.</summary>
    public IReadOnlyList<Resource> Passwords { get; init; } = [];

    /// <summary>
    /// What must be there before a client can log in: PostgreSQL and its roles. Only the login that is tried waits for it.
    /// Default nothing: then nothing is verified.
    /// </summary>
    public IReadOnlyList<Resource> Roles { get; init; } = [];
}

/// <summary>
/// PgBouncer on every host, before the PostgreSQL of the same host. Whose password is right it asks PostgreSQL, with a role of its own
/// that may do only that (<see cref="PgBouncerFiles.AuthSql"/>).
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
        Resource[] before = [];
        foreach (var host in args.Hosts)
        {
            var service = Service(host, args, before);
            ready[host.HostName] = service;
            // One after the other: a restart cuts the pooled connections of one host only.
            before = [service];
            if (args.Roles.Count > 0)
            {
                Verify(name, host, args, service);
            }
        }

        Ready = ready;
        RegisterOutputs();
    }

    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "pgbouncer",
        Program = Component.PgBouncer,
        Packages = static (cluster, host) => [PgBouncerFiles.Package(cluster, host)],
        Users = static (_, host) => [new SystemUser(PostgresFiles.User, PostgresFiles.Home(host.System))],
        Endpoints = static (cluster, host) => [PgBouncerFiles.Endpoint(cluster, host)],
        Files = PgBouncerFiles.All,
        Reads = static cluster => cluster.Tls.IsOn ? [Components.Certificates.Declaration] : [],
        Secrets = [SecretCatalogue.Application],
        Units = static (cluster, host) => [PgBouncerFiles.Service(cluster, host)],
        Report = static (cluster, host) => ["--pgbouncer", PgBouncerFiles.Endpoint(cluster, host).Authority],
    };

    /// <summary>By host name the resource that stands for PgBouncer serving there.</summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    private Resource Service(Host host, PgBouncerArgs args, Resource[] before)
    {
        var files = new RemoteFiles(
            Declaration,
            host,
            this,
            file => file switch
            {
                PgBouncerFiles.UnitName => [],
                PgBouncerFiles.UserListName => [args.User[host.HostName], .. args.Passwords],
                _ => [args.User[host.HostName]],
            },
            content: file => file == PgBouncerFiles.ConfigName
                ? args.Clients.Apply(clients => PgBouncerFiles.Config(args.Cluster.WithClients(clients), host.Specification))
                : null);
        if (args.Cluster.Tls.IsOn)
        {
            // It rereads them at a reload, since 1.16; connections go on with what they began with.
            files.Include(args.Certificates[host.HostName]);
        }

        return new RemoteService(Declaration, host, files, this, [], before).Resource;
    }

    private void Verify(string name, Host host, PgBouncerArgs args, Resource service)
    {
        var cluster = args.Cluster;
        _ = new RemoteCommand(
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
                    Plain.Number(cluster.Ports.PgBouncer),
                    cluster.Postgres.Database,
                    cluster.Postgres.Owner,
                    .. cluster.Tls.IsOn ? new[] { CertificateFiles.AuthorityPath } : [],
                ],
                Stdin = host.Secrets.Text(Declaration.Secrets, static secret => secret(SecretCatalogue.Application) + "\n"),
            },
            this,
            [service, .. args.Roles]);
    }
}
