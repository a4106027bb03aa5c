using System.Text.Json.Nodes;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>The text of each of Patroni's files. Pure: the same specification gives the same text.</summary>
public static class PatroniFiles
{
    /// <summary>Path of the configuration on each host.</summary>
    public const string ConfigPath = "/etc/patroni/patroni.yml";

    /// <summary>Name of the file of <see cref="ConfigPath"/>.</summary>
    public const string ConfigName = "config";

    /// <summary>Path of the file with the passwords on each host, mode 0600.</summary>
    public const string SecretsPath = "/etc/patroni/secrets.env";

    /// <summary>Name of the file of <see cref="SecretsPath"/>.</summary>
    public const string SecretsName = "secrets";

    /// <summary>Path of the unit on each host.</summary>
    public const string UnitPath = "/etc/systemd/system/patroni.service";

    /// <summary>Path of the DBA's patronictl on each host.</summary>
    public const string ControlPath = "/usr/local/bin/patronictl";

    /// <summary>Name of the file of <see cref="ControlPath"/>.</summary>
    public const string ControlName = "control";

    /// <summary>Path of the program that Patroni calls for pg_rewind where an old data directory is to be kept.</summary>
    public const string RewindPath = "/usr/local/libexec/postgres-ha/pg_rewind";

    /// <summary>Link to the virtual environment in use, when Patroni is installed with pip.</summary>
    public const string EnvironmentPath = "/opt/patroni";

    /// <summary>Device of the watchdog.</summary>
    public const string WatchdogDevice = "/dev/watchdog";

    // Lets the operating system's postgres in as the replication role, through the socket.
    private const string IdentityMap = "cluster";

    // The system's own, for everybody; a socket may lie there, and nothing of theirs may change.
    private static readonly string[] SharedDirectories = ["/tmp", "/var/tmp"];

    // systemd creates the folder (StateDirectory) for user postgres alone.
    private const string PasswordFile = "/var/lib/patroni/pgpass";

    /// <summary>The files of a host, those first that others need.</summary>
    public static IEnumerable<HostFile> All(ClusterSpecification cluster, HostSpecification host) =>
    [
        new HostFile { Name = "unit", Path = UnitPath, Content = Unit(cluster, host), OnChange = FileEffect.Restart },
        Hardening(cluster).File,
        new HostFile
        {
            Name = SecretsName,
            Path = SecretsPath,
            Mode = "0600",
            Content = FileContent.With(
                [
                    SecretCatalogue.Superuser,
                    SecretCatalogue.Replication,
                    SecretCatalogue.Rewind,
                    SecretCatalogue.PatroniApi,
                    SecretCatalogue.EtcdPatroni,
                ],
                secret => Secrets(
                    cluster,
                    secret(SecretCatalogue.Superuser),
                    secret(SecretCatalogue.Replication),
                    secret(SecretCatalogue.Rewind),
                    secret(SecretCatalogue.PatroniApi),
                    secret(SecretCatalogue.EtcdPatroni))),
            OnChange = FileEffect.Restart,
        },
        new HostFile { Name = "rewind", Path = RewindPath, Content = Rewind(cluster), Mode = "0755" },
        new HostFile
        {
            Name = ConfigName,
            Path = ConfigPath,
            Group = PostgresFiles.User,
            Mode = "0640",
            Content = Config(cluster, host),
            Validator = Shell.Join([HostPaths.Tool("patroni-validate"), Program(cluster, "patroni")]) + " {}",
            OnChange = FileEffect.Reload,
            Needs = ["rewind"],
        },
        new HostFile { Name = ControlName, Path = ControlPath, Content = Control(cluster), Mode = "0700" },
    ];

    /// <summary>Path of one of Patroni's programs, <c>patroni</c> or <c>patronictl</c>.</summary>
    public static string Program(ClusterSpecification cluster, string name) =>
        cluster.Patroni.Method == PatroniMethod.Pip ? $"{EnvironmentPath}/bin/{name}" : $"/usr/bin/{name}";

    /// <summary>
    /// The dynamic configuration as YAML. It is what a new cluster is created with and what <c>patroni-configure</c> compares a running
    /// one with.
    /// </summary>
    public static string DynamicConfiguration(ClusterSpecification cluster)
    {
        var patroni = cluster.Patroni;
        return Templates.Render(
            "patroni/dynamic.yml",
            new Dictionary<string, object?>
            {
                ["ttl"] = Seconds(patroni.Ttl),
                ["loop_wait"] = Seconds(patroni.LoopWait),
                ["retry_timeout"] = Seconds(patroni.RetryTimeout),
                ["maximum_lag_on_failover"] = Plain.Number(patroni.MaximumLagOnFailover),
                ["primary_start_timeout"] = Seconds(patroni.PrimaryStartTimeout),
                ["failsafe_mode"] = patroni.FailsafeMode ? "true" : "false",
                ["synchronous_mode"] = patroni.Synchronous switch
                {
                    SynchronousMode.Off => "false",
                    SynchronousMode.Quorum => "quorum",
                    _ => "true",
                },
                ["synchronous_mode_strict"] = patroni.Synchronous == SynchronousMode.Strict,
                ["slots"] = patroni.Slots.Select(static slot => Slot(slot.Name, slot.Type, slot.Database, slot.Plugin)).ToList(),
                ["ignored"] = patroni.IgnoreSlots.Select(static slot => Slot(slot.Name, slot.Type, slot.Database, slot.Plugin)).ToList(),
                ["hosts"] = cluster.Hosts.Select(static host => host.Name).ToList(),
                ["parameters"] = PatroniParameters.Of(cluster)
                    .Select(static parameter => new Dictionary<string, object?> { ["name"] = parameter.Key, ["value"] = parameter.Value })
                    .ToList(),
            });
    }

    /// <summary>
    /// The standard input of <c>patroni-configure</c>, <c>patroni-renew</c> and <c>patroni-reconcile</c>: two YAML documents, the dynamic
    /// configuration and since when each host's PostgreSQL is installed.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="installed">The lines of <see cref="InstalledSince"/>.</param>
    public static string WantedState(ClusterSpecification cluster, IEnumerable<string> installed) =>
        DynamicConfiguration(cluster) + "---\n" + string.Concat(installed);

    /// <summary>
    /// The standard input of <c>postgres-try</c>: the parameters as JSON, and a line that has the engine run it again with other programs.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="installed">What tells one installation of PostgreSQL from another.</param>
    public static string Trial(ClusterSpecification cluster, string installed) =>
        new JsonObject(
            PatroniParameters.Of(cluster).Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString()
        + $"\n{installed.Trim()}\n";

    /// <summary>One line for <see cref="WantedState"/>; the empty text where the installation does not say since when.</summary>
    /// <param name="host">Name of the host.</param>
    /// <param name="installed">What postgres-install printed: <c>installed=NAME SHA since=SECONDS</c>.</param>
    public static string InstalledSince(string host, string installed)
    {
        const string Mark = " since=";
        var at = installed.IndexOf(Mark, StringComparison.Ordinal);
        return at < 0 ? "" : $"{YamlScalar.Text(host)}: {installed[(at + Mark.Length)..].Trim()} # {installed["installed=".Length..at]}\n";
    }

    /// <summary>patroni.yml of one host.</summary>
    public static string Config(ClusterSpecification cluster, HostSpecification host) => Templates.Render(
        "patroni/patroni.yml",
        new Dictionary<string, object?>
        {
            ["scope"] = cluster.Name,
            ["namespace"] = cluster.Patroni.Namespace,
            ["name"] = host.Name,
            ["address"] = host.Address,
            ["port"] = Plain.Number(cluster.Ports.Postgres),
            ["api_port"] = Plain.Number(cluster.Ports.PatroniApi),
            ["etcd_members"] = cluster.EtcdHosts.Select(static member => member.Address).ToList(),
            ["etcd_port"] = Plain.Number(cluster.Ports.EtcdClient),
            ["api_authority"] = cluster.Patroni.ApiTls ? CertificateFiles.AuthorityPath : "",
            ["etcd_authority"] = cluster.Etcd.Tls ? CertificateFiles.AuthorityPath : "",
            ["certificate"] = CertificateFiles.CertificatePath,
            ["key"] = CertificateFiles.KeyPath,
            ["dynamic"] = DynamicConfiguration(cluster).TrimEnd('\n').Split('\n').ToList(),
            ["bin_directory"] = cluster.Postgres.BinDirectory,
            ["data_directory"] = cluster.Postgres.DataDirectory,
            ["rewind_program"] = cluster.Patroni.RewindFailure == RewindFailure.Copy ? RewindPath : "",
            ["remove_on_rewind_failure"] = cluster.Patroni.RewindFailure != RewindFailure.Stop,
            ["socket_directory"] = cluster.Postgres.SocketDirectory,
            ["pgpass"] = PasswordFile,
            ["superuser"] = DatabaseRoles.Superuser,
            ["replication"] = DatabaseRoles.Replication,
            ["rewind"] = DatabaseRoles.Rewind,
            ["authority"] = cluster.Tls.IsOn ? CertificateFiles.AuthorityPath : "",
            ["hba"] = HostBasedAuthentication(cluster).ToList(),
            ["identity_map"] = IdentityMap,
            ["watchdog_mode"] = cluster.Patroni.Watchdog switch
            {
                WatchdogMode.Required => "required",
                WatchdogMode.Automatic => "automatic",
                _ => "off",
            },
            ["watchdog_device"] = WatchdogDevice,
            ["safety_margin"] = Seconds(cluster.Patroni.WatchdogSafetyMargin),
        });

    /// <summary>The lines of pg_hba.conf, first match wins. Nobody is trusted.</summary>
    public static IEnumerable<string> HostBasedAuthentication(ClusterSpecification cluster)
    {
        var network = cluster.Tls.ClientsOfNew == TlsClients.Required ? "hostssl" : "host";
        yield return Line("local", "all", DatabaseRoles.Superuser, "", "peer");
        yield return Line("local", "replication", DatabaseRoles.Superuser, "", "peer");
        // Patroni asks its own PostgreSQL for its timeline through the replication protocol. Without a password, so that there can be an
        // election, and with it a leader to set passwords on, also where the data knows older ones.
        yield return Line("local", "replication", DatabaseRoles.Replication, "", $"peer map={IdentityMap}");
        yield return Line("local", "all", "all", "", "scram-sha-256");

        foreach (var host in cluster.Hosts)
        {
            yield return Line(network, "replication", DatabaseRoles.Replication, host.Address + "/32", "scram-sha-256");
        }

        foreach (var host in cluster.Hosts)
        {
            yield return Line(network, "postgres", DatabaseRoles.Rewind, host.Address + "/32", "scram-sha-256");
        }

        yield return Line(network, "all", DatabaseRoles.PgBouncer, "127.0.0.1/32", "scram-sha-256");
        // HAProxy passes clients on from the hosts' own addresses, so the roles of the cluster itself are kept out of every line below.
        var own = string.Join(',', DatabaseRoles.Superuser, DatabaseRoles.Replication, DatabaseRoles.Rewind, DatabaseRoles.PgBouncer);
        yield return Line("host", "all", own, "all", "reject");

        foreach (var clients in cluster.Hosts.Select(static host => host.Address + "/32").Prepend("127.0.0.1/32")
            .Concat(cluster.Firewall.ClientNetworks).Distinct())
        {
            yield return Line(network, "all", "all", clients, "scram-sha-256");
        }

        static string Line(params string[] fields) => string.Join(' ', fields.Where(static field => field.Length > 0));
    }

    /// <summary>patroni.service of one host.</summary>
    public static string Unit(ClusterSpecification cluster, HostSpecification host) => Templates.Render(
        "patroni/patroni.service",
        new Dictionary<string, object?>
        {
            ["scope"] = cluster.Name,
            ["etcd"] = host.Etcd,
            ["patroni"] = Program(cluster, "patroni"),
            // /run is empty after a boot.
            ["runtime_directory"] = RuntimeDirectory(cluster.Postgres.SocketDirectory) ?? "",
            ["made_directory"] = RuntimeDirectory(cluster.Postgres.SocketDirectory) is null
                && !SharedDirectories.Contains(cluster.Postgres.SocketDirectory)
                ? cluster.Postgres.SocketDirectory
                : "",
        });

    /// <summary>
    /// What the unit, and with it PostgreSQL, is kept from. Beside its data lie those that are moved aside; the watchdog is a device.
    /// </summary>
    public static UnitHardening Hardening(ClusterSpecification cluster) => new()
    {
        Unit = "patroni.service",
        Data = Path.GetDirectoryName(cluster.Postgres.DataDirectory) ?? "",
        Devices = true,
    };

    /// <summary>The DBA's patronictl.</summary>
    public static string Control(ClusterSpecification cluster) => Templates.Render(
        "patroni/patronictl",
        new Dictionary<string, object?> { ["patronictl"] = Program(cluster, "patronictl") });

    /// <summary>What Patroni calls for pg_rewind.</summary>
    public static string Rewind(ClusterSpecification cluster) => Templates.Render(
        "patroni/pg_rewind",
        new Dictionary<string, object?>
        {
            ["tool"] = HostPaths.Tool("patroni-rewind"),
            ["program"] = cluster.Postgres.BinDirectory + "/pg_rewind",
            ["kept"] = cluster.Postgres.KeptDirectory,
        });

    /// <summary>The file with the passwords.</summary>
    public static string Secrets(
        ClusterSpecification cluster, string superuser, string replication, string rewind, string api, string etcd) => Templates.Render(
        "patroni/secrets.env",
        new Dictionary<string, object?>
        {
            ["etcd_protocol"] = cluster.Etcd.Tls ? "https" : "http",
            ["superuser"] = superuser,
            ["replication"] = replication,
            ["rewind"] = rewind,
            ["api_user"] = DatabaseRoles.PatroniApi,
            ["api"] = api,
            ["etcd_user"] = DatabaseRoles.EtcdPatroni(cluster),
            ["etcd"] = etcd,
        });

    /// <summary>The passwords in <see cref="Roles"/>.</summary>
    public static IReadOnlyList<ClusterSecret> RolesSecrets { get; } =
    [
        SecretCatalogue.Superuser,
        SecretCatalogue.Replication,
        SecretCatalogue.Rewind,
        SecretCatalogue.PgBouncer,
        SecretCatalogue.Application,
    ];

    /// <summary>
    /// The standard input of <c>patroni-roles</c>: JSON with the roles' passwords, the SQL of PgBouncer's lookup function, and its version
    /// on each host.
    /// </summary>
    /// <param name="owner">Name of the application's role.</param>
    /// <param name="secret">Gives the passwords of <see cref="RolesSecrets"/>.</param>
    /// <param name="versions">PgBouncer's versions.</param>
    public static string Roles(string owner, Func<ClusterSecret, string> secret, IEnumerable<string> versions)
    {
        return new JsonObject
        {
            ["roles"] = new JsonObject
            {
                ["superuser"] = Role(DatabaseRoles.Superuser, SecretCatalogue.Superuser),
                ["replication"] = Role(DatabaseRoles.Replication, SecretCatalogue.Replication),
                ["rewind"] = Role(DatabaseRoles.Rewind, SecretCatalogue.Rewind),
                ["pgbouncer"] = Role(DatabaseRoles.PgBouncer, SecretCatalogue.PgBouncer),
                ["owner"] = Role(owner, SecretCatalogue.Application),
            },
            ["lookup"] = PgBouncerFiles.AuthSql(),
            ["pgbouncer"] = new JsonArray(
                [.. versions.Distinct().Order(StringComparer.Ordinal).Select(static version => JsonValue.Create(version))]),
        }.ToJsonString();

        JsonObject Role(string name, ClusterSecret password) => new() { ["name"] = name, ["password"] = secret(password) };
    }

    private static Dictionary<string, object?> Slot(string? name, SlotType? type, string? database, string? plugin) => new()
    {
        ["name"] = name ?? "",
        ["type"] = type switch { null => "", SlotType.Logical => "logical", _ => "physical" },
        ["database"] = database ?? "",
        ["plugin"] = plugin ?? "",
    };

    // What systemd makes below /run, of which /var/run is the old name; null for a path elsewhere.
    private static string? RuntimeDirectory(string path)
    {
        var current = path.StartsWith("/var/run/", StringComparison.Ordinal) ? path["/var".Length..] : path;
        return current.StartsWith("/run/", StringComparison.Ordinal) ? current["/run/".Length..] : null;
    }

    private static string Seconds(TimeSpan value) => Plain.Number((long)Math.Ceiling(value.TotalSeconds));
}
