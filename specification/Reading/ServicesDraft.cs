using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>The services' part of <see cref="SpecificationDraft"/>.</summary>
internal static class ServicesDraft
{
    public static PostgresSpecification Postgres(Values values)
    {
        string version = values.Read(Keys.PostgresVersion);
        return new PostgresSpecification
        {
            Version = version,
            Sha256 = values.TryRead(Keys.PostgresSha256, null, out string sha256)
                ? sha256.ToLowerInvariant()
                : KnownChecksums.OfPostgres(version) ?? "",
            ConfigureFlags = values.Read(Keys.PostgresConfigureFlags),
            Build = values.Read(Keys.PostgresBuild),
            Prefix = values.Read(Keys.PostgresPrefix),
            DataDirectory = values.Read(Keys.PostgresDataDirectory),
            SocketDirectory = values.Read(Keys.PostgresSocketDirectory),
            Parameters = values.Read(Keys.PostgresParameters),
            MaxConnections = values.Read(Keys.PostgresMaxConnections),
            MaxSlotWalKeepSize = values.Read(Keys.PostgresMaxSlotWalKeepSize),
            WalKeepSize = values.Read(Keys.PostgresWalKeepSize),
            Database = values.Read(Keys.PostgresDatabase),
            Owner = values.Read(Keys.PostgresOwner),
        };
    }

    public static EtcdSpecification Etcd(Values values)
    {
        string version = values.Read(Keys.EtcdVersion);
        EtcdMethod method = values.Read(Keys.EtcdMethod);
        return new EtcdSpecification
        {
            Version = version,
            Method = method,
            Sha256 = values.ReadOptional(Keys.EtcdSha256)?.ToLowerInvariant()
                ?? method switch
                {
                    EtcdMethod.Source => KnownChecksums.OfEtcdSource(version),
                    EtcdMethod.Archive => KnownChecksums.OfEtcdRelease(version),
                    _ => null,
                },
            Build = values.Read(Keys.EtcdBuild),
            GoLibraries = values.Read(Keys.EtcdGoLibraries),
            PatchesSha256 = values.ReadOptional(Keys.EtcdPatchesSha256)?.ToLowerInvariant(),
            DataDirectory = values.Read(Keys.EtcdDataDirectory),
            HeartbeatInterval = values.Read(Keys.EtcdHeartbeatInterval),
            ElectionTimeout = values.Read(Keys.EtcdElectionTimeout),
            QuotaBackendBytes = values.Read(Keys.EtcdQuotaBackendBytes),
            SnapshotCount = values.Read(Keys.EtcdSnapshotCount),
        };
    }

    public static PatroniSpecification Patroni(Values values, PostgresSpecification postgres) => new()
    {
        Method = values.Read(Keys.PatroniMethod),
        Version = values.Read(Keys.PatroniVersion),
        Namespace = values.Read(Keys.PatroniNamespace),
        Ttl = values.Read(Keys.PatroniTtl),
        LoopWait = values.Read(Keys.PatroniLoopWait),
        RetryTimeout = values.Read(Keys.PatroniRetryTimeout),
        MaximumLagOnFailover = values.Read(Keys.PatroniMaximumLagOnFailover),
        PrimaryStartTimeout = values.Read(Keys.PatroniPrimaryStartTimeout),
        Synchronous = values.Read(Keys.PatroniSynchronous),
        FailsafeMode = values.Read(Keys.PatroniFailsafeMode),
        Slots = [.. Entries(values, "patroni.slots").Select(index => Slot(values, index, postgres.Database))],
        IgnoreSlots = [.. Entries(values, "patroni.ignoreSlots").Select(index => new IgnoredSlot(
            values.ReadOptional(Keys.IgnoredSlotName, index),
            values.TryRead(Keys.IgnoredSlotType, index, out SlotType type) ? type : null,
            values.ReadOptional(Keys.IgnoredSlotDatabase, index),
            values.ReadOptional(Keys.IgnoredSlotPlugin, index)))],
        RewindFailure = values.Read(Keys.PatroniRewindFailure),
        Watchdog = values.Read(Keys.PatroniWatchdog),
        WatchdogSafetyMargin = values.Read(Keys.PatroniWatchdogSafetyMargin),
    };

    private static PermanentSlot Slot(Values values, int index, string application)
    {
        string name = values.Read(Keys.SlotName, index);
        string? database = values.ReadOptional(Keys.SlotDatabase, index), plugin = values.ReadOptional(Keys.SlotPlugin, index);
        bool detailed = database is not null || plugin is not null;
        SlotType type = values.TryRead(Keys.SlotType, index, out SlotType stated) ? stated : detailed ? SlotType.Logical : SlotType.Physical;
        return type == SlotType.Logical || detailed
            ? new PermanentSlot(name, type, database ?? application, plugin ?? "pgoutput")
            : new PermanentSlot(name, type, null, null);
    }

    private static IEnumerable<int> Entries(Values values, string list) =>
        values.Find(list) is { ValueKind: JsonValueKind.Array } found ? Enumerable.Range(0, found.GetArrayLength()) : [];

    public static HAProxySpecification HAProxy(Values values) => new()
    {
        MaxConnections = values.Read(Keys.HAProxyMaxConnections),
        FrontendMaxConnections = values.Read(Keys.HAProxyFrontendMaxConnections),
        ServerMaxConnections = values.Read(Keys.HAProxyServerMaxConnections),
        QueueTimeout = values.Read(Keys.HAProxyQueueTimeout),
        ConnectTimeout = values.Read(Keys.HAProxyConnectTimeout),
        ClientTimeout = values.Read(Keys.HAProxyClientTimeout),
        ServerTimeout = values.Read(Keys.HAProxyServerTimeout),
        CheckTimeout = values.Read(Keys.HAProxyCheckTimeout),
        CheckInterval = values.Read(Keys.HAProxyCheckInterval),
        CheckFastInterval = values.Read(Keys.HAProxyCheckFastInterval),
        CheckFall = values.Read(Keys.HAProxyCheckFall),
        CheckRise = values.Read(Keys.HAProxyCheckRise),
        ReadFallback = values.Read(Keys.HAProxyReadFallback),
        StatisticsRefresh = values.Read(Keys.HAProxyStatisticsRefresh),
        StatisticsUser = values.Read(Keys.HAProxyStatisticsUser),
        StatisticsAdmin = values.Read(Keys.HAProxyStatisticsAdmin),
    };

    public static PgBouncerSpecification PgBouncer(Values values) => new()
    {
        PoolMode = values.Read(Keys.PgBouncerPoolMode),
        MaxClientConnections = values.Read(Keys.PgBouncerMaxClientConnections),
        DefaultPoolSize = values.Read(Keys.PgBouncerDefaultPoolSize),
        ReservePoolSize = values.Read(Keys.PgBouncerReservePoolSize),
        MaxDatabaseConnections = values.Read(Keys.PgBouncerMaxDatabaseConnections),
        MaxPreparedStatements = values.Read(Keys.PgBouncerMaxPreparedStatements),
        PreparedStatementsAsked = values.Has(Keys.PgBouncerMaxPreparedStatements.Path),
        ServerLoginRetry = values.Read(Keys.PgBouncerServerLoginRetry),
        QueryWaitTimeout = values.Read(Keys.PgBouncerQueryWaitTimeout),
        IgnoreStartupParameters = values.Read(Keys.PgBouncerIgnoreStartupParameters),
    };

    public static MirrorsSpecification Mirrors(Values values, PostgresSpecification postgres, EtcdSpecification etcd) => new()
    {
        Postgres = values.ReadOptional(Keys.MirrorPostgres) ?? $"https://ftp.postgresql.org/pub/source/v{postgres.Version}",
        Etcd = values.ReadOptional(Keys.MirrorEtcd)?.Replace(MirrorsSpecification.VersionPlace, etcd.Version, StringComparison.Ordinal) ?? (etcd.Method == EtcdMethod.Archive
            ? $"https://github.com/etcd-io/etcd/releases/download/v{etcd.Version}/etcd-v{etcd.Version}-linux-amd64.tar.gz"
            : $"https://github.com/etcd-io/etcd/archive/refs/tags/v{etcd.Version}.tar.gz"),
        Pip = values.ReadOptional(Keys.MirrorPip),
        Go = values.ReadOptional(Keys.MirrorGo),
        Artefacts = values.ReadOptional(Keys.MirrorArtefacts),
    };
}
