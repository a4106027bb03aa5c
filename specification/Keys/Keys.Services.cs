using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <content>PostgreSQL, etcd and Patroni.</content>
internal static partial class Keys
{
    public static readonly Key<string> PostgresVersion = Key.Text("postgres.version",
        "Version, `17.N`.", "17.12", isVersion: true, pattern: PostgresVersionForm(), form: "use a released version of PostgreSQL 17, for instance \"17.12\" (in quotes)");

    public static readonly Key<string> PostgresSha256 = Key.Text("postgres.sha256",
        "SHA-256 of the source archive `postgresql-VERSION.tar.bz2`.", note: "known for 17.2 to 17.12, else required", pattern: Sha256Form(), form: ChecksumForm);

    public static readonly Key<IReadOnlyList<string>> PostgresConfigureFlags = Key.Texts("postgres.configureFlags",
        "Options for configure besides the prefix.", ["--with-openssl", "--with-libxml", "--with-icu", "--with-systemd"]);

    public static readonly Key<BuildPlace> PostgresBuild = Key.Choice<BuildPlace>("postgres.build",
        "Where it is compiled: once per system family, or on each host.", "once");

    public static readonly Key<string> PostgresPrefix = Key.Text("postgres.prefix", "Installation prefix.", "/opt/pgsql");

    public static readonly Key<string> PostgresDataDirectory = Key.Text("postgres.dataDirectory",
        "Data directory; Patroni creates the instance in it.", "/opt/pgdata17");

    public static readonly Key<string> PostgresSocketDirectory = Key.Text("postgres.socketDirectory", "Directory of the unix socket.", "/tmp");

    public static readonly Key<IReadOnlyDictionary<string, string>> PostgresParameters = Key.Map("postgres.parameters",
        "PostgreSQL parameters by name, over the defaults computed from cores and memory.");

    public static readonly Key<int> PostgresMaxConnections = Key.Number("postgres.maxConnections", "max_connections.", 200, 25, 10000);

    public static readonly Key<long> PostgresMaxSlotWalKeepSize = Key.Size("postgres.maxSlotWalKeepSize",
        "Most WAL that a lost replica's slot may pin (max_slot_wal_keep_size).", "10GB", "64MB", "64TB");

    public static readonly Key<long> PostgresWalKeepSize = Key.Size("postgres.walKeepSize",
        "WAL kept for replicas without a slot (wal_keep_size).", "128MB", "16MB", "64TB");

    public static readonly Key<string> PostgresDatabase = Key.Text("postgres.database",
        "Name of the database created for the application.", "app", pattern: SqlName(), form: SqlForm);

    public static readonly Key<string> PostgresOwner = Key.Text("postgres.owner",
        "Name of the role that owns it; its password is generated.", "app", pattern: SqlName(), form: SqlForm);

    public static readonly Key<string> EtcdVersion = Key.Text("etcd.version",
        "Version without `v`, 3.5 or later.", "3.5.33", pattern: EtcdVersionForm(), form: "use a released version of etcd 3.5 or later without v, for instance 3.5.33");

    public static readonly Key<EtcdMethod> EtcdMethod = Key.Choice<EtcdMethod>("etcd.method",
        "How it is installed: compiled from the tag's source, the project's release archive, or the distribution's package.", "source");

    public static readonly Key<string> EtcdSha256 = Key.Text("etcd.sha256",
        "SHA-256 of the source or release archive.", note: "known for 3.5.12 to 3.5.33, else required; not used for `package`", pattern: Sha256Form(), form: ChecksumForm);

    public static readonly Key<BuildPlace> EtcdBuild = Key.Choice<BuildPlace>("etcd.build",
        "Where it is compiled: once per system family, or on each host.", "once");

    public static readonly Key<GoLibraries> EtcdGoLibraries = Key.Choice<GoLibraries>("etcd.goLibraries",
        "Where the Go libraries of a source build come from: a module proxy (`mirrors.go`), or the distribution's packages (Debian family only).", "modules");

    public static readonly Key<string> EtcdPatchesSha256 = Key.Text("etcd.patchesSha256",
        "SHA-256 of the archive of the distribution's patches beside the source archive (`.debian.tar.xz`), for `goLibraries: distribution`.",
        note: "no patches", pattern: Sha256Form(), form: ChecksumForm);

    public static readonly Key<string> EtcdDataDirectory = Key.Text("etcd.dataDirectory", "Data directory.", "/var/lib/etcd");

    public static readonly Key<TimeSpan> EtcdHeartbeatInterval = Key.Duration("etcd.heartbeatInterval",
        "Time between a leader's heartbeats; about the longest round trip between the hosts.", "100ms", "5ms", "10s");

    public static readonly Key<TimeSpan> EtcdElectionTimeout = Key.Duration("etcd.electionTimeout",
        "Time without heartbeat after which a member stands for election; at least five heartbeats.", "1s", "25ms", "50s");

    public static readonly Key<long> EtcdQuotaBackendBytes = Key.Size("etcd.quotaBackendBytes",
        "Largest database (quota-backend-bytes).", "2GB", "64MB", "8GB");

    public static readonly Key<int> EtcdSnapshotCount = Key.Number("etcd.snapshotCount",
        "Number of changes after which a snapshot is taken.", 10000, 1000, 10_000_000);

    public static readonly Key<PatroniMethod> PatroniMethod = Key.Choice<PatroniMethod>("patroni.method",
        "How it is installed: with pip in a virtual environment, or the distribution's package.", "pip");

    public static readonly Key<string> PatroniVersion = Key.Text("patroni.version",
        "Version installed with pip.", "4.1.5", pattern: PatroniVersionForm(), form: "use a released version of Patroni 4, for instance 4.1.5");

    public static readonly Key<string> PatroniNamespace = Key.Text("patroni.namespace",
        "Key prefix in etcd; the cluster's keys are below it and `name`.", "/db",
        pattern: NamespacePath(), form: "use a path of letters, digits, - and _ that begins with / and does not end with one, for instance /db");

    public static readonly Key<TimeSpan> PatroniTtl = Key.Duration("patroni.ttl",
        "Life time of the leader's lock; at least loopWait + 2 × retryTimeout.", "20s", "20s", "1h", "1s");

    public static readonly Key<TimeSpan> PatroniLoopWait = Key.Duration("patroni.loopWait",
        "Time between two rounds of Patroni's loop.", "3s", "1s", "10m", "1s");

    public static readonly Key<TimeSpan> PatroniRetryTimeout = Key.Duration("patroni.retryTimeout",
        "How long operations on etcd and PostgreSQL are retried before the leader demotes itself.", "8s", "3s", "10m", "1s");

    public static readonly Key<long> PatroniMaximumLagOnFailover = Key.Size("patroni.maximumLagOnFailover",
        "Most WAL a replica may lag to be electable.", "1MB", "0", "1TB");

    public static readonly Key<TimeSpan> PatroniPrimaryStartTimeout = Key.Duration("patroni.primaryStartTimeout",
        "How long a crashed primary may take to start again in place before a failover; 0 fails over at once.", "60s", "0s", "1d", "1s");

    public static readonly Key<SynchronousMode> PatroniSynchronous = Key.Choice<SynchronousMode>("patroni.synchronous",
        "Synchronous replication: `on` while a replica is there, `strict` no write without one, `quorum` commit by quorum.", "off");

    public static readonly Key<bool> PatroniFailsafeMode = Key.Flag("patroni.failsafeMode",
        "Whether the primary goes on when etcd is lost but every member still answers it.", true);

    public static readonly Key<RewindFailure> PatroniRewindFailure = Key.Choice<RewindFailure>("patroni.rewindFailure",
        "What becomes of a former leader whose pg_rewind fails: `copy` takes a fresh copy of the leader's data and keeps the old directory in `DATA.kept` beside it where space allows, `replace` keeps none, `stop` leaves it down for somebody to look.", "copy");

    public static readonly Key<WatchdogMode> PatroniWatchdog = Key.Choice<WatchdogMode>("patroni.watchdog",
        "Whether a leader needs a watchdog: `required`, `automatic` (used where there is one), `off`.", "required");

    public static readonly Key<TimeSpan> PatroniWatchdogSafetyMargin = Key.Duration("patroni.watchdogSafetyMargin",
        "Time the watchdog fires before the lock expires; -1 makes it fire after half of ttl.", "5s", "0s", "30m", "1s", "-1");

    private const string ChecksumForm = "give the SHA-256 of the archive as 64 hexadecimal digits";
    private const string SqlForm = "use lower-case letters, digits and _, beginning with a letter, at most 63";

    [GeneratedRegex("^17\\.(0|[1-9][0-9]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex PostgresVersionForm();

    [GeneratedRegex("^[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256Form();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex SqlName();

    // See EtcdSpecification.LeastVersion.
    [GeneratedRegex(@"^3\.([5-9]|[1-9][0-9])\.(0|[1-9][0-9]{0,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex EtcdVersionForm();

    [GeneratedRegex(@"^4\.(0|[1-9][0-9]?)\.(0|[1-9][0-9]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex PatroniVersionForm();

    [GeneratedRegex("^(/[A-Za-z0-9_-]+)+$", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacePath();
}
