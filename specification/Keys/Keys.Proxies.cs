using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <content>HAProxy, PgBouncer, the firewall, downloads and the preflight.</content>
internal static partial class Keys
{
    public static readonly Key<int> HAProxyMaxConnections = Key.Number("haproxy.maxConnections",
        "Connections of the whole process (global maxconn).", 1000, 10, 1_000_000);

    public static readonly Key<int> HAProxyFrontendMaxConnections = Key.Number("haproxy.frontendMaxConnections",
        "Connections of each frontend (defaults maxconn); below maxConnections.", 900, 1, 1_000_000);

    public static readonly Key<int> HAProxyServerMaxConnections = Key.Number("haproxy.serverMaxConnections",
        "Connections to each server (server maxconn).", 100, 1, 1_000_000);

    public static readonly Key<TimeSpan> HAProxyQueueTimeout = Timeout("queueTimeout", "How long a connection may wait for a free server slot.", "1m");
    public static readonly Key<TimeSpan> HAProxyConnectTimeout = Timeout("connectTimeout", "How long connecting to a server may take.", "4s");
    public static readonly Key<TimeSpan> HAProxyClientTimeout = Timeout("clientTimeout", "How long a client may be silent.", "60m");
    public static readonly Key<TimeSpan> HAProxyServerTimeout = Timeout("serverTimeout", "How long a server may be silent.", "60m");
    public static readonly Key<TimeSpan> HAProxyCheckTimeout = Timeout("checkTimeout", "How long a health check may take once connected.", "2s");

    public static readonly Key<TimeSpan> HAProxyCheckInterval = Key.Duration("haproxy.checkInterval",
        "Time between health checks (inter).", "1s", "100ms", "5m");

    public static readonly Key<TimeSpan> HAProxyCheckFastInterval = Key.Duration("haproxy.checkFastInterval",
        "Time between health checks while the state is changing (fastinter).", "250ms", "100ms", "5m");

    public static readonly Key<int> HAProxyCheckFall = Key.Number("haproxy.checkFall", "Failed checks in a row after which a server is out (fall).", 2, 1, 100);

    public static readonly Key<int> HAProxyCheckRise = Key.Number("haproxy.checkRise",
        "Successful checks in a row after which a server is in (rise).", 1, 1, 100);

    public static readonly Key<ReadFallback> HAProxyReadFallback = Key.Choice<ReadFallback>("haproxy.readFallback",
        "Where reads go when no replica is left: to the `leader`, or nowhere (`none`).", "leader");

    public static readonly Key<TimeSpan> HAProxyStatisticsRefresh = Key.Duration("haproxy.statisticsRefresh",
        "Refresh interval of the statistics page.", "10s", "1s", "1h", "1s");

    public static readonly Key<string> HAProxyStatisticsUser = Key.Text("haproxy.statisticsUser",
        "User of the statistics page; the password is generated.", "admin",
        pattern: StatisticsName(), form: "use letters, digits, ., - and _, at most 32");

    public static readonly Key<bool> HAProxyStatisticsAdmin = Key.Flag("haproxy.statisticsAdmin", "Whether the statistics page may change servers' states.", false);

    public static readonly Key<PoolMode> PgBouncerPoolMode = Key.Choice<PoolMode>("pgbouncer.poolMode",
        "For how long a server connection is lent.", "transaction");

    public static readonly Key<int> PgBouncerMaxClientConnections = Key.Number("pgbouncer.maxClientConnections",
        "Most client connections of one PgBouncer.", 1000, 1, 1_000_000);

    public static readonly Key<int> PgBouncerDefaultPoolSize = Key.Number("pgbouncer.defaultPoolSize", "Server connections per database and user.", 20, 1, 10000);

    public static readonly Key<int> PgBouncerReservePoolSize = Key.Number("pgbouncer.reservePoolSize", "Further server connections when clients wait.", 5, 0, 10000);

    public static readonly Key<int> PgBouncerMaxDatabaseConnections = Key.Number("pgbouncer.maxDatabaseConnections",
        "Most server connections of one database; below postgres.maxConnections.", 100, 1, 10000);

    public static readonly Key<int> PgBouncerMaxPreparedStatements = Key.Number("pgbouncer.maxPreparedStatements",
        "Prepared statements kept per connection; 0 keeps none.", 200, 0, 100_000);

    public static readonly Key<TimeSpan> PgBouncerServerLoginRetry = Key.Duration("pgbouncer.serverLoginRetry",
        "Wait before a failed login to PostgreSQL is tried again.", "1s", "1s", "5m", "1s");

    public static readonly Key<TimeSpan> PgBouncerQueryWaitTimeout = Key.Duration("pgbouncer.queryWaitTimeout",
        "How long a client may wait for a server connection.", "30s", "1s", "1h", "1s");

    public static readonly Key<IReadOnlyList<string>> PgBouncerIgnoreStartupParameters = Key.Texts("pgbouncer.ignoreStartupParameters",
        "Parameters that a client may send at login and PgBouncer drops: they have no effect, set them by `ALTER ROLE`. `options` stands for all those in PGOPTIONS and is "
        + "always needed, unless the list is empty: then a client that sends one is refused.",
        ["options", "search_path", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "extra_float_digits"]);

    public static readonly Key<FirewallMode> FirewallMode = Key.Choice<FirewallMode>("firewall.mode",
        "`managed`: firewalld with our rules besides foreign ones; `disabled`: firewalld stopped and disabled; `untouched`: left as it is.", "managed");

    public static readonly Key<IReadOnlyList<string>> FirewallClientNetworks = Key.Texts("firewall.clientNetworks",
        "Networks (CIDR) that may connect to the VIP's ports, the statistics page and PostgreSQL; the same are admitted in pg_hba.", null, "the VIP's network");

    public static readonly Key<string> FirewallZone = Key.Text("firewall.zone",
        "firewalld's zone.", "public", pattern: ZoneName(), form: "use the name of a firewalld zone: letters, digits, - and _, at most 17");

    public static readonly Key<string> MirrorPostgres = Key.Text("mirrors.postgres",
        "Folder of PostgreSQL's source archive `postgresql-VERSION.tar.bz2`.", note: "the project's own");

    public static readonly Key<string> MirrorEtcd = Key.Text("mirrors.etcd",
        "Whole address of etcd's source or release archive; `{version}` stands for `etcd.version`.", note: "the project's own");

    public static readonly Key<string> MirrorPip = Key.Text("mirrors.pip", "Python package index (PEP 503).", note: "pip's own");

    public static readonly Key<string> MirrorGo = Key.Text("mirrors.go", "Go module proxy.", note: "Go's own; in the RHEL family, whose Go has none, each module's own repository");

    public static readonly Key<string> MirrorArtefacts = Key.Text("mirrors.artefacts",
        "Folder of finished builds (`NAME.tar.gz` with `NAME.tar.gz.sha256`) looked at before anything is compiled.", note: "none");

    public static readonly Key<long> PreflightDataSpace = Key.Size("preflight.dataSpace",
        "Least free space below the data directory.", "5GB", "0", "1024TB");

    public static readonly Key<long> PreflightBuildSpace = Key.Size("preflight.buildSpace",
        "Least free space below the prefix and /var/cache, where builds happen.", "3GB", "0", "1024TB");

    public static readonly Key<bool> PreflightClock = Key.Flag("preflight.clock", "Whether a synchronised clock is demanded.", true);

    private static Key<TimeSpan> Timeout(string name, string meaning, string @default) => Key.Duration("haproxy." + name, meaning, @default, "100ms", "24h");

    [GeneratedRegex("^[A-Za-z0-9._-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex StatisticsName();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,17}$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
