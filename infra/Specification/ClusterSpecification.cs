namespace PostgresHa.Specification;

/// <summary>Everything that decides how one cluster looks: the validated content of the stack's <c>postgres-ha:cluster</c> value.</summary>
/// <remarks>
/// Instances come from <see cref="SpecificationReader"/>, which fills defaults and refuses what cannot work; so whoever holds one may rely
/// on every rule of DESIGN.md, section 5. No secret is part of it.
/// </remarks>
public sealed record ClusterSpecification
{
    /// <summary>Name of the cluster: Patroni's scope, etcd's cluster token and the prefix of what is named after the cluster. Required.</summary>
    public required string Name { get; init; }

    /// <summary>How the hosts are reached.</summary>
    public required SshSpecification Ssh { get; init; }

    /// <summary>The hosts, in the order of the stack file. An odd number of at least three.</summary>
    public required IReadOnlyList<HostSpecification> Hosts { get; init; }

    /// <summary>The virtual IP that clients connect to.</summary>
    public required VipSpecification Vip { get; init; }

    /// <summary>Every port of every service, from this one place.</summary>
    public required PortsSpecification Ports { get; init; }

    /// <summary>PostgreSQL: version, build, directories, parameters, application database.</summary>
    public required PostgresSpecification Postgres { get; init; }

    /// <summary>etcd: version, how it is installed, timings.</summary>
    public required EtcdSpecification Etcd { get; init; }

    /// <summary>Patroni: how it is installed, timings, synchronous mode, watchdog.</summary>
    public required PatroniSpecification Patroni { get; init; }

    /// <summary>HAProxy: limits, timeouts, health checks, statistics.</summary>
    public required HAProxySpecification HAProxy { get; init; }

    /// <summary>PgBouncer: pool mode and sizes.</summary>
    public required PgBouncerSpecification PgBouncer { get; init; }

    /// <summary>Firewall: whether it is managed, and which networks are clients.</summary>
    public required FirewallSpecification Firewall { get; init; }

    /// <summary>Where downloads come from.</summary>
    public required MirrorsSpecification Mirrors { get; init; }

    /// <summary>What the preflight asks of the hosts.</summary>
    public required PreflightSpecification Preflight { get; init; }

    /// <summary>Raise it to have every file written and every service checked once more, for instance after drift was found. Default 0.</summary>
    public required int Reapply { get; init; }

    /// <summary>The hosts that run an etcd member, in the order of <see cref="Hosts"/>.</summary>
    public IReadOnlyList<HostSpecification> EtcdHosts => [.. Hosts.Where(host => host.Etcd)];

    /// <summary>The hosts that may hold the virtual IP, in the order of <see cref="Hosts"/>.</summary>
    public IReadOnlyList<HostSpecification> VrrpHosts => [.. Hosts.Where(host => host.Vrrp)];
}

/// <summary>How the hosts are reached over SSH.</summary>
public sealed record SshSpecification
{
    /// <summary>User to log in as. Root, or one with password-less sudo. Default <c>root</c>.</summary>
    public required string User { get; init; }

    /// <summary>TCP port of sshd. Default 22.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// Path of the private key's file, relative to the project's folder or absolute; null when the key comes from the secret
    /// <c>postgres-ha:sshPrivateKey</c> or from an agent.
    /// </summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>True when an SSH agent (SSH_AUTH_SOCK) holds the key. Default false.</summary>
    public required bool Agent { get; init; }

    /// <summary>Path of a known_hosts file from which host keys are taken that a host does not state itself; null for none.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>Host to jump through; null for a direct connection.</summary>
    public BastionSpecification? Bastion { get; init; }

    /// <summary>
    /// Name of the Linux network namespace from which alone the hosts may be dialled; null for none. The lab uses it: its addresses may
    /// belong to somebody else outside.
    /// </summary>
    public string? NetworkNamespace { get; init; }
}

/// <summary>The host all connections jump through.</summary>
public sealed record BastionSpecification
{
    /// <summary>Its address or name. Required.</summary>
    public required string Address { get; init; }

    /// <summary>TCP port of its sshd. Default 22.</summary>
    public required int Port { get; init; }

    /// <summary>User to log in as. Default: the hosts' user.</summary>
    public required string User { get; init; }

    /// <summary>Its public host key, <c>ssh-ed25519 AAAA…</c>. Required here or in the known_hosts file.</summary>
    public required string HostKey { get; init; }
}

/// <summary>The family of distributions a host belongs to; it decides package names, the package manager and paths.</summary>
public enum SystemFamily
{
    /// <summary>Debian and Ubuntu: apt.</summary>
    Debian,

    /// <summary>Red Hat Enterprise Linux, Rocky, AlmaLinux, Oracle Linux: dnf or yum, SELinux.</summary>
    Rhel,
}

/// <summary>One host.</summary>
public sealed record HostSpecification
{
    /// <summary>Its host name, also the name of its etcd and Patroni member. Required, unique.</summary>
    public required string Name { get; init; }

    /// <summary>IPv4 address the services listen on and the other hosts reach it by. Required, unique.</summary>
    public required string Address { get; init; }

    /// <summary>Network interface that carries <see cref="Address"/>; keepalived puts the VIP there. Default: <c>hostDefaults.interface</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>Its public SSH host key, <c>ssh-ed25519 AAAA…</c>. Required here or in the known_hosts file.</summary>
    public required string HostKey { get; init; }

    /// <summary>Family of its distribution. Default: <c>hostDefaults.system</c>. Checked by the preflight.</summary>
    public required SystemFamily System { get; init; }

    /// <summary>Cores; sizes parallel builds and PostgreSQL's workers. Default: <c>hostDefaults.cores</c>. Checked by the preflight.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory in bytes; sizes shared_buffers. Default: <c>hostDefaults.memory</c>. Checked by the preflight.</summary>
    public required long Memory { get; init; }

    /// <summary>Whether it runs an etcd member. Default true.</summary>
    public required bool Etcd { get; init; }

    /// <summary>Whether it takes part in VRRP, that is, may hold the virtual IP. Default true.</summary>
    public required bool Vrrp { get; init; }

    /// <summary>
    /// Its VRRP priority, 1 to 254. Default 100 on every host: with equal priorities the VIP stays where it is instead of moving back (and
    /// cutting connections) when a host returns.
    /// </summary>
    public required int Priority { get; init; }
}

/// <summary>The virtual IP.</summary>
public sealed record VipSpecification
{
    /// <summary>IPv4 address. Required; no host's address, inside the network of every host that takes part in VRRP.</summary>
    public required string Address { get; init; }

    /// <summary>Prefix length of its network, 8 to 30. Required.</summary>
    public required int Prefix { get; init; }

    /// <summary>VRRP virtual router id, 1 to 255, unique in the network segment. Default 51.</summary>
    public required int RouterId { get; init; }

    /// <summary>Seconds between VRRP advertisements. Default 1 s.</summary>
    public required TimeSpan AdvertisementInterval { get; init; }

    /// <summary>Seconds between two checks that HAProxy serves. Default 1 s.</summary>
    public required TimeSpan CheckInterval { get; init; }

    /// <summary>Failed checks in a row after which the VIP is given up. Default 2.</summary>
    public required int CheckFall { get; init; }

    /// <summary>Successful checks in a row after which the host may take the VIP again. Default 2.</summary>
    public required int CheckRise { get; init; }
}

/// <summary>The TCP ports of all services. All differ.</summary>
public sealed record PortsSpecification
{
    /// <summary>PostgreSQL on each host. Default 5432.</summary>
    public required int Postgres { get; init; }

    /// <summary>PgBouncer on each host. Default 6432.</summary>
    public required int PgBouncer { get; init; }

    /// <summary>Patroni's REST API on each host. Default 8008.</summary>
    public required int PatroniApi { get; init; }

    /// <summary>etcd for its clients. Default 2379.</summary>
    public required int EtcdClient { get; init; }

    /// <summary>etcd for its peers. Default 2380.</summary>
    public required int EtcdPeer { get; init; }

    /// <summary>HAProxy on the VIP: the leader. Default 5000.</summary>
    public required int Write { get; init; }

    /// <summary>HAProxy on the VIP: the replicas. Default 5001.</summary>
    public required int Read { get; init; }

    /// <summary>HAProxy on the VIP: the leader through PgBouncer. Default 5002.</summary>
    public required int PooledWrite { get; init; }

    /// <summary>HAProxy on the VIP: the replicas through PgBouncer. Default 5003.</summary>
    public required int PooledRead { get; init; }

    /// <summary>HAProxy's statistics page on each host. Default 7000.</summary>
    public required int Statistics { get; init; }

    /// <summary>HAProxy's own liveness answer, on the loopback address of each host only; keepalived asks it. Default 7001.</summary>
    public required int HAProxyHealth { get; init; }

    /// <summary>The build host hands built archives to its peers here, only while a build is distributed. Default 8099.</summary>
    public required int Artefacts { get; init; }
}

/// <summary>Where a source build happens.</summary>
public enum BuildPlace
{
    /// <summary>On the first host of each system family; the others fetch the archive from it.</summary>
    Once,

    /// <summary>On each host.</summary>
    EachHost,
}

/// <summary>PostgreSQL.</summary>
public sealed record PostgresSpecification
{
    /// <summary>Version, <c>17.N</c>. Default 17.4.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the source archive, 64 hexadecimal digits. Known for many versions, required for any other.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Options for configure besides the prefix. Default <c>--with-openssl --with-libxml --with-icu --with-systemd</c>.</summary>
    public required IReadOnlyList<string> ConfigureFlags { get; init; }

    /// <summary>Where the build happens. Default <see cref="BuildPlace.Once"/>.</summary>
    public required BuildPlace Build { get; init; }

    /// <summary>Installation prefix. Default <c>/opt/pgsql</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary>Data directory; Patroni creates the instance in it. Default <c>/opt/pgdata17</c>. Never inside <see cref="Prefix"/>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Directory of the unix socket. Default <c>/tmp</c>, where the reference deployment's tools look for it.</summary>
    public required string SocketDirectory { get; init; }

    /// <summary>
    /// PostgreSQL parameters by name, over the defaults computed from cores and memory. Those that Patroni owns are refused. Values are text
    /// as in postgresql.conf.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>max_connections, at least 25. Default 200.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Most WAL in bytes that a lost replica's slot may pin (max_slot_wal_keep_size). Default 10 GB.</summary>
    public required long MaxSlotWalKeepSize { get; init; }

    /// <summary>WAL in bytes kept for replicas without a slot (wal_keep_size), at least 16 MB. Default 128 MB.</summary>
    public required long WalKeepSize { get; init; }

    /// <summary>Name of the database created for the application. Default <c>app</c>.</summary>
    public required string Database { get; init; }

    /// <summary>Name of the role that owns it; its password is generated. Default <c>app</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>Directory of the binaries: <c>bin</c> below <see cref="Prefix"/>.</summary>
    public string BinDirectory => Prefix + "/bin";
}

/// <summary>How etcd is installed.</summary>
public enum EtcdMethod
{
    /// <summary>Compiled from the tag's source archive.</summary>
    Source,

    /// <summary>The project's release archive.</summary>
    Archive,

    /// <summary>The distribution's package.</summary>
    Package,
}

/// <summary>Where the Go libraries for an etcd build come from.</summary>
public enum GoLibraries
{
    /// <summary>A Go module proxy (<c>mirrors.go</c>).</summary>
    Modules,

    /// <summary>The distribution's golang-*-dev packages (Debian family only): for networks without a module proxy.</summary>
    Distribution,
}

/// <summary>etcd.</summary>
public sealed record EtcdSpecification
{
    /// <summary>Version without <c>v</c>. Default 3.5.12.</summary>
    public required string Version { get; init; }

    /// <summary>How it is installed. Default <see cref="EtcdMethod.Source"/>.</summary>
    public required EtcdMethod Method { get; init; }

    /// <summary>SHA-256 of the source or release archive. Known for 3.5.12 to 3.5.33, required for any other; null when method is package.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where a source build happens. Default <see cref="BuildPlace.Once"/>.</summary>
    public required BuildPlace Build { get; init; }

    /// <summary>Go libraries for a source build. Default <see cref="GoLibraries.Modules"/>.</summary>
    public required GoLibraries GoLibraries { get; init; }

    /// <summary>
    /// SHA-256 of the archive of the distribution's patches, without which a source build with its libraries does not compile; it lies beside the
    /// source archive, <c>.tar.gz</c> replaced by <c>.debian.tar.xz</c>. Null: no patches.
    /// </summary>
    public string? PatchesSha256 { get; init; }

    /// <summary>Data directory. Default <c>/var/lib/etcd</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Time between a leader's heartbeats. Default 100 ms.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>Time without heartbeat after which a member stands for election; at least five heartbeats. Default 1 s.</summary>
    public required TimeSpan ElectionTimeout { get; init; }

    /// <summary>Largest database in bytes (quota-backend-bytes). Default 2 GB.</summary>
    public required long QuotaBackendBytes { get; init; }

    /// <summary>Number of changes after which a snapshot is taken (snapshot-count). Default 10000.</summary>
    public required int SnapshotCount { get; init; }
}

/// <summary>How Patroni is installed.</summary>
public enum PatroniMethod
{
    /// <summary>With pip, in a virtual environment, at a pinned version.</summary>
    Pip,

    /// <summary>The distribution's package.</summary>
    Package,
}

/// <summary>Synchronous replication as Patroni manages it.</summary>
public enum SynchronousMode
{
    /// <summary>Asynchronous replication.</summary>
    Off,

    /// <summary>One synchronous replica while one is there (synchronous_mode: on).</summary>
    On,

    /// <summary>No write without a synchronous replica (synchronous_mode_strict).</summary>
    Strict,

    /// <summary>Quorum commit (synchronous_mode: quorum).</summary>
    Quorum,
}

/// <summary>Whether Patroni uses a watchdog.</summary>
public enum WatchdogMode
{
    /// <summary>A host becomes leader only with a working watchdog.</summary>
    Required,

    /// <summary>The watchdog is used where there is one.</summary>
    Automatic,

    /// <summary>No watchdog.</summary>
    Off,
}

/// <summary>Patroni.</summary>
public sealed record PatroniSpecification
{
    /// <summary>How it is installed. Default <see cref="PatroniMethod.Pip"/>.</summary>
    public required PatroniMethod Method { get; init; }

    /// <summary>Its version when installed with pip. Default 4.0.5.</summary>
    public required string Version { get; init; }

    /// <summary>Key prefix in etcd. Default <c>/db</c>. The keys of the cluster are below namespace and <see cref="ClusterSpecification.Name"/>.</summary>
    public required string Namespace { get; init; }

    /// <summary>Life time of the leader's lock. Default 30 s; at least loop_wait + 2 × retry_timeout.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>Time between two rounds of Patroni's loop. Default 10 s.</summary>
    public required TimeSpan LoopWait { get; init; }

    /// <summary>How long operations on etcd and PostgreSQL are retried before the leader demotes itself. Default 10 s.</summary>
    public required TimeSpan RetryTimeout { get; init; }

    /// <summary>Most WAL in bytes a replica may lag to be electable (maximum_lag_on_failover). Default 1 MB.</summary>
    public required long MaximumLagOnFailover { get; init; }

    /// <summary>How long a crashed primary may take to start again in place before a failover (primary_start_timeout). Default 300 s.</summary>
    public required TimeSpan PrimaryStartTimeout { get; init; }

    /// <summary>Synchronous replication. Default <see cref="SynchronousMode.Off"/>.</summary>
    public required SynchronousMode Synchronous { get; init; }

    /// <summary>Whether the primary goes on when etcd is lost but every member still answers it (failsafe_mode). Default true.</summary>
    public required bool FailsafeMode { get; init; }

    /// <summary>Watchdog mode. Default <see cref="WatchdogMode.Required"/>.</summary>
    public required WatchdogMode Watchdog { get; init; }

    /// <summary>Time the watchdog fires before the lock expires (safety_margin). Default 5 s; -1 s makes it fire after half of the ttl.</summary>
    public required TimeSpan WatchdogSafetyMargin { get; init; }
}

/// <summary>Where reads go when no replica is left.</summary>
public enum ReadFallback
{
    /// <summary>To the leader.</summary>
    Leader,

    /// <summary>Nowhere: read connections are refused.</summary>
    None,
}

/// <summary>HAProxy.</summary>
public sealed record HAProxySpecification
{
    /// <summary>Connections of the whole process (global maxconn). Default 1000.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Connections of each frontend (defaults maxconn); below <see cref="MaxConnections"/>. Default 900.</summary>
    public required int FrontendMaxConnections { get; init; }

    /// <summary>Connections to each server (server maxconn). Default 100.</summary>
    public required int ServerMaxConnections { get; init; }

    /// <summary>How long a connection may wait for a free server slot. Default 1 min.</summary>
    public required TimeSpan QueueTimeout { get; init; }

    /// <summary>How long connecting to a server may take. Default 4 s.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>How long a client may be silent. Default 60 min.</summary>
    public required TimeSpan ClientTimeout { get; init; }

    /// <summary>How long a server may be silent. Default 60 min.</summary>
    public required TimeSpan ServerTimeout { get; init; }

    /// <summary>How long a health check may take once connected. Default 5 s.</summary>
    public required TimeSpan CheckTimeout { get; init; }

    /// <summary>Time between health checks (inter). Default 1 s.</summary>
    public required TimeSpan CheckInterval { get; init; }

    /// <summary>Time between health checks while the state is changing (fastinter). Default 500 ms.</summary>
    public required TimeSpan CheckFastInterval { get; init; }

    /// <summary>Failed checks in a row after which a server is out (fall). Default 3.</summary>
    public required int CheckFall { get; init; }

    /// <summary>Successful checks in a row after which a server is in (rise). Default 1.</summary>
    public required int CheckRise { get; init; }

    /// <summary>Where reads go when no replica is left. Default <see cref="Specification.ReadFallback.Leader"/>.</summary>
    public required ReadFallback ReadFallback { get; init; }

    /// <summary>Refresh interval of the statistics page. Default 10 s.</summary>
    public required TimeSpan StatisticsRefresh { get; init; }

    /// <summary>User of the statistics page; the password is generated. Default <c>admin</c>.</summary>
    public required string StatisticsUser { get; init; }

    /// <summary>Whether the statistics page may change servers' states. Default false.</summary>
    public required bool StatisticsAdmin { get; init; }
}

/// <summary>PgBouncer's pool mode.</summary>
public enum PoolMode
{
    /// <summary>A server connection is lent for a transaction.</summary>
    Transaction,

    /// <summary>A server connection is lent for a session.</summary>
    Session,

    /// <summary>A server connection is lent for a statement.</summary>
    Statement,
}

/// <summary>PgBouncer.</summary>
public sealed record PgBouncerSpecification
{
    /// <summary>Pool mode. Default <see cref="Specification.PoolMode.Transaction"/>.</summary>
    public required PoolMode PoolMode { get; init; }

    /// <summary>Most client connections of one PgBouncer. Default 1000.</summary>
    public required int MaxClientConnections { get; init; }

    /// <summary>Server connections per database and user. Default 20.</summary>
    public required int DefaultPoolSize { get; init; }

    /// <summary>Further server connections when clients wait. Default 5.</summary>
    public required int ReservePoolSize { get; init; }

    /// <summary>Most server connections of one database. Default 100; below max_connections.</summary>
    public required int MaxDatabaseConnections { get; init; }

    /// <summary>Prepared statements kept per connection (max_prepared_statements). Default 200.</summary>
    public required int MaxPreparedStatements { get; init; }

    /// <summary>Wait before a failed login to PostgreSQL is tried again (server_login_retry). Default 1 s.</summary>
    public required TimeSpan ServerLoginRetry { get; init; }

    /// <summary>How long a client may wait for a server connection (query_wait_timeout). Default 30 s.</summary>
    public required TimeSpan QueryWaitTimeout { get; init; }
}

/// <summary>What is done with the host's firewall.</summary>
public enum FirewallMode
{
    /// <summary>firewalld is installed, enabled and given exactly our rules; foreign rules stay.</summary>
    Managed,

    /// <summary>firewalld is stopped and disabled.</summary>
    Disabled,

    /// <summary>Nothing is touched.</summary>
    Untouched,
}

/// <summary>Firewall.</summary>
public sealed record FirewallSpecification
{
    /// <summary>What is done. Default <see cref="FirewallMode.Managed"/>.</summary>
    public required FirewallMode Mode { get; init; }

    /// <summary>
    /// Networks (CIDR) that may connect to the VIP's ports, the statistics page and PostgreSQL. Default: the VIP's network. The same networks are
    /// admitted in pg_hba.
    /// </summary>
    public required IReadOnlyList<string> ClientNetworks { get; init; }

    /// <summary>firewalld's zone. Default <c>public</c>.</summary>
    public required string Zone { get; init; }
}

/// <summary>Base addresses of downloads; for closed networks point them to a mirror. None ends with a slash.</summary>
public sealed record MirrorsSpecification
{
    /// <summary>
    /// Folder of PostgreSQL's source archive <c>postgresql-VERSION.tar.bz2</c>. Default the project's <c>…/pub/source/vVERSION</c>.
    /// </summary>
    public required string Postgres { get; init; }

    /// <summary>Whole address of etcd's source or release archive. Default the project's archive of the tag, or release.</summary>
    public required string Etcd { get; init; }

    /// <summary>Python package index (PEP 503), also for pip itself; null: pip's own default.</summary>
    public string? Pip { get; init; }

    /// <summary>Go module proxy; null: Go's own default.</summary>
    public string? Go { get; init; }

    /// <summary>Folder of finished builds (<c>NAME.tar.gz</c> with <c>NAME.tar.gz.sha256</c>) looked at before anything is compiled; null for none.</summary>
    public string? Artefacts { get; init; }
}

/// <summary>What the preflight asks of the hosts beyond what the other values imply.</summary>
public sealed record PreflightSpecification
{
    /// <summary>Least free space in bytes below the data directory. Default 5 GB.</summary>
    public required long DataSpace { get; init; }

    /// <summary>Least free space in bytes below the prefix and /var/cache, where builds happen. Default 3 GB.</summary>
    public required long BuildSpace { get; init; }

    /// <summary>Whether a synchronised clock is demanded. Default true.</summary>
    public required bool Clock { get; init; }
}
