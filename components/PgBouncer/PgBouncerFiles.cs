using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>The files of PgBouncer, computed from the specification alone.</summary>
public static class PgBouncerFiles
{
    /// <summary>Name of the file of <see cref="UnitPath"/>.</summary>
    public const string UnitName = "unit";

    /// <summary>Path of the configuration.</summary>
    public const string ConfigPath = "/etc/pgbouncer/pgbouncer.ini";

    /// <summary>Path of the file with the password of <see cref="DatabaseRoles.PgBouncer"/>; secret.</summary>
    public const string UserListPath = "/etc/pgbouncer/userlist.txt";

    /// <summary>Name of the file of <see cref="UserListPath"/>.</summary>
    public const string UserListName = "users";

    /// <summary>Path of the unit.</summary>
    public const string UnitPath = "/etc/systemd/system/pgbouncer.service";

    /// <summary>Name of the file of <see cref="ConfigPath"/>.</summary>
    public const string ConfigName = "config";

    // Listeners, log, admin connections, and a reserve.
    private const int SpareDescriptors = 128;

    /// <summary>Where it answers on a host. Clients come through the virtual IP: from one host's HAProxy to another's PgBouncer.</summary>
    public static Endpoint Endpoint(ClusterSpecification cluster, HostSpecification host) =>
        new(host.Address, cluster.Ports.PgBouncer, Audience.Peers);

    /// <summary>The files of a host.</summary>
    public static IEnumerable<HostFile> All(ClusterSpecification cluster, HostSpecification host) =>
    [
        new UnitHardening { Unit = "pgbouncer.service" }.File,
        new HostFile { Name = UnitName, Path = UnitPath, Content = Unit(cluster, host), OnChange = FileEffect.Restart },
        new HostFile
        {
            Name = UserListName,
            Path = UserListPath,
            Owner = PostgresFiles.User,
            Group = PostgresFiles.User,
            Mode = "0600",
            Content = FileContent.With([SecretCatalogue.PgBouncer], static secret => UserList(secret(SecretCatalogue.PgBouncer))),
            OnChange = FileEffect.Reload,
        },
        new HostFile
        {
            Name = ConfigName,
            Path = ConfigPath,
            Group = PostgresFiles.User,
            Mode = "0640",
            Content = Config(cluster, host),
            Backup = true,
            OnChange = FileEffect.Reload,
        },
    ];

    /// <summary>The unit of a host.</summary>
    public static ServiceUnit Service(ClusterSpecification cluster, HostSpecification host) => new("pgbouncer.service")
    {
        // Everything but what it listens on changes by a reload.
        Versions = [Endpoint(cluster, host).Authority],
        Health = ["pgbouncer-health", Plain.Number(cluster.Ports.PgBouncer), host.Address, Declarations.Endpoint.Loopback],
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The configuration of one host.</summary>
    public static string Config(ClusterSpecification cluster, HostSpecification host)
    {
        var pool = cluster.PgBouncer;
        return Templates.Render("pgbouncer/pgbouncer.ini", new Dictionary<string, object?>
        {
            ["host"] = host.Name,
            ["address"] = host.Address,
            ["user"] = DatabaseRoles.PgBouncer,
            ["lookup"] = DatabaseRoles.PgBouncerLookup,
            ["ports"] = new Dictionary<string, object?> { ["postgres"] = cluster.Ports.Postgres, ["pgbouncer"] = cluster.Ports.PgBouncer },
            ["pool_mode"] = pool.PoolMode.ToString().ToLowerInvariant(),
            ["max_client_connections"] = pool.MaxClientConnections,
            ["default_pool_size"] = pool.DefaultPoolSize,
            ["reserve_pool_size"] = pool.ReservePoolSize,
            ["max_database_connections"] = pool.MaxDatabaseConnections,
            ["max_prepared_statements"] = pool.MaxPreparedStatements,
            ["server_login_retry"] = Seconds(pool.ServerLoginRetry),
            ["query_wait_timeout"] = Seconds(pool.QueryWaitTimeout),
            ["ignored"] = Ignored(pool.IgnoreStartupParameters),
            ["client_tls"] = cluster.Tls.ClientsOfNew switch
            {
                TlsClients.Required => "require",
                TlsClients.Optional => "prefer",
                _ => "disable",
            },
            // Whatever PostgreSQL does at the moment, while TLS is on its way in or out.
            ["server_tls"] = cluster.Tls.ClientsOfNew switch
            {
                TlsClients.Required => "verify-full",
                TlsClients.Optional => "prefer",
                _ => "disable",
            },
            ["tls"] = cluster.Tls.IsOn,
            ["key"] = CertificateFiles.KeyPath,
            ["certificate"] = CertificateFiles.CertificatePath,
            ["authority"] = CertificateFiles.AuthorityPath,
        });
    }

    /// <summary>
    /// The package. 1.14 is the first to log clients in by the verifiers that <c>auth_query</c> gives (its changelog: SCRAM pass-through),
    /// 1.16 the first to take a renewed certificate at a reload (the same: hot reloading of TLS settings), 1.21 the first to keep prepared
    /// statements where a server connection is not the client's own. One older than that is refused only where the stack file states that
    /// it wants them.
    /// </summary>
    public static ServicePackage Package(ClusterSpecification cluster, HostSpecification host)
    {
        var pool = cluster.PgBouncer;
        var least = cluster.Tls.IsOn ? new LeastVersion("1.16", "tls.clients") : new LeastVersion("1.14");
        return new ServicePackage("pgbouncer")
        {
            Restarts = true,
            Least = pool.PoolMode == PoolMode.Session || pool.MaxPreparedStatements == 0
                ? [least]
                :
                [
                    least,
                    new LeastVersion("1.21", "pgbouncer.maxPreparedStatements")
                    {
                        Lacks = pool.PreparedStatementsAsked
                            ? null
                            : "clients' prepared statements do not work through the pooled ports, which they do from 1.21 on",
                    },
                ],
            Repositories = host.System == SystemFamily.Rhel ? [PackageRepository.Epel, PackageRepository.Pgdg] : [PackageRepository.Pgdg],
        };
    }

    /// <summary>The file with the password of PgBouncer's own role.</summary>
    /// <param name="password">The password.</param>
    public static string UserList(string password) =>
        Templates.Render(
            "pgbouncer/userlist.txt", new Dictionary<string, object?> { ["user"] = DatabaseRoles.PgBouncer, ["password"] = password });

    /// <summary>The unit.</summary>
    public static string Unit(ClusterSpecification cluster, HostSpecification host) =>
        Templates.Render("pgbouncer/pgbouncer.service", new Dictionary<string, object?>
        {
            ["binary"] = host.System == SystemFamily.Debian ? "/usr/sbin/pgbouncer" : "/usr/bin/pgbouncer",
            ["open_files"] = OpenFiles(cluster),
        });

    /// <summary>
    /// Open files one PgBouncer may need: one per client, and server connections for the application's and one further database.
    /// </summary>
    public static int OpenFiles(ClusterSpecification cluster) =>
        cluster.PgBouncer.MaxClientConnections + (2 * cluster.PgBouncer.MaxDatabaseConnections) + SpareDescriptors;

    /// <summary>SQL that makes PgBouncer's role and its one function; run by whoever creates the roles. It sets no password.</summary>
    public static string AuthSql() => Templates.Read("pgbouncer/auth.sql");

    /// <summary>The value of ignore_startup_parameters; empty for an empty list.</summary>
    /// <remarks>
    /// By CVE-2026-107349 PgBouncer 1.20 to 1.26.0 looks an empty name up in this list for ever, and does so before it looks for
    /// <c>options</c>. It stops at a place between two separators: hence a blank after each comma, and a comma after a list of one.
    /// </remarks>
    private static string Ignored(IReadOnlyList<string> names) => string.Join(", ", names) + (names.Count == 1 ? "," : "");

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
