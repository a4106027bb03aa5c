using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Patroni's packages and its unit on a host.</summary>
public static class PatroniService
{
    // A replica that lags more is not counted as healthy. Wide enough for a busy cluster, narrow enough to tell one that does not follow.
    private const long HealthyLag = 64L * 1024 * 1024;

    /// <summary>
    /// The distribution's packages Patroni needs. Its virtual environment needs no package with pip: the one that venv puts into it comes
    /// with the interpreter. In the RHEL family <c>python3</c> is 3.6 (8), 3.9 (9) or 3.12 (10): python3.12 is a package of 8 (since 8.10)
    /// and of 9 (since 9.4), and a name that 10's python3 provides. The package of the PostgreSQL project's repository runs on that one
    /// too, and brings the driver and the YAML reader for it.
    /// </summary>
    public static IEnumerable<ServicePackage> Packages(ClusterSpecification cluster, HostSpecification host) =>
        (cluster.Patroni.Method, host.System) switch
        {
            (PatroniMethod.Pip, SystemFamily.Debian) => [new ServicePackage("python3-venv")],
            (PatroniMethod.Pip, SystemFamily.Rhel) => [new ServicePackage("python3.12")],
            (PatroniMethod.Package, SystemFamily.Debian) =>
            [
                Package(cluster), new ServicePackage("python3-etcd"), new ServicePackage("python3-psycopg2"),
            ],
            _ => [Package(cluster), new ServicePackage("patroni-etcd") { Repositories = [PackageRepository.Pgdg] }],
        };

    // Of the package at least what knows the keys we write, what is made for the stack's PostgreSQL, and what works with etcd's version,
    // where the stack file says that. Patroni's release notes: failsafe_mode and primary_start_timeout came with 3.0.0, quorum and
    // PostgreSQL 17 with 4.0.0.
    private static ServicePackage Package(ClusterSpecification cluster) => new("patroni")
    {
        Restarts = true,
        Least =
            cluster.Etcd.Method != EtcdMethod.Package && ComponentVersion.Parse(cluster.Etcd.Version) is { } etcd
                && KnownClashes.LeastPatroni(etcd) is { } least
                ? [new LeastVersion(least, "patroni.method or etcd.version")]
            : cluster.Patroni.Synchronous == SynchronousMode.Quorum
                ? [new LeastVersion("4.0.0", "patroni.method or patroni.synchronous")]
            :
            [
                new LeastVersion("3.0.0", "patroni.method"),
                new LeastVersion("4.0.0") { Lacks = "it is not made for PostgreSQL 17, which its releases from 4.0 on are" },
            ],
        Repositories = [PackageRepository.Pgdg],
    };

    /// <summary>The unit of a host.</summary>
    public static ServiceUnit Unit(ClusterSpecification cluster, HostSpecification host)
    {
        string[] member = [.. Member(host), .. Members(cluster)];
        return new ServiceUnit("patroni.service")
        {
            // The version, not whether this very run installed it.
            Versions = [cluster.Patroni.Method == PatroniMethod.Pip ? cluster.Patroni.Version : "package"],
            Health = ["patroni-health", .. member],
            Restarter = ["patroni-restart", .. member],
            // A restart under load may replay much WAL.
            Timeout = TimeSpan.FromSeconds(120),
        };
    }

    /// <summary>How the tools are told which member they are on, and what lag still counts as healthy.</summary>
    /// <param name="host">The host they run on.</param>
    public static IEnumerable<string> Member(HostSpecification host) =>
    [
        "--self", host.Name, "--lag", HealthyLag.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>Where each member's REST API answers, as <c>name=URL</c>: how the tools are told of the members.</summary>
    public static IEnumerable<string> Members(ClusterSpecification cluster) =>
        cluster.Hosts.Select(host => $"{host.Name}={PatroniEndpoints.Api(cluster, host).Url}");
}
