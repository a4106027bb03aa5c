using System.Globalization;
using Pulumi;
using PostgresHa.Components.Building;
using PostgresHa.Components.Quoting;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What <see cref="Patroni"/> needs.</summary>
public sealed record PatroniArgs
{
    /// <summary>The cluster.</summary>
    public required ClusterSpecification Cluster { get; init; }

    /// <summary>Every host of the cluster, prepared; the first one also runs what concerns the cluster as a whole.</summary>
    public required IReadOnlyList<Host> Hosts { get; init; }

    /// <summary>The passwords.</summary>
    public required ClusterSecrets Secrets { get; init; }

    /// <summary>By host name: PostgreSQL's programs and the user postgres are there.</summary>
    public required IReadOnlyDictionary<string, Resource> PostgresReady { get; init; }

    /// <summary>
    /// By host name, the line that tells which PostgreSQL is installed there and since when (<see cref="PostgresBuild.Installed"/>): one that was started
    /// before is restarted. A host may be absent.
    /// </summary>
    public IReadOnlyDictionary<string, Output<string>> Installed { get; init; } = new Dictionary<string, Output<string>>();

    /// <summary>What must be there before the first member starts, for instance etcd verified with its users.</summary>
    public IReadOnlyList<Resource> EtcdReady { get; init; } = [];

    /// <summary>By host name: what else that host's member waits for, for instance its watchdog. A host may be absent.</summary>
    public IReadOnlyDictionary<string, Resource> HostReady { get; init; } = new Dictionary<string, Resource>();
}

/// <summary>
/// Patroni on every host, and with it PostgreSQL: installed, configured, started host by host, its dynamic configuration and the database's
/// roles reconciled, the whole verified.
/// </summary>
public sealed class Patroni : ComponentResource
{
    // A replica that lags more is not counted as healthy. Wide enough for a busy cluster, narrow enough to tell one that does not follow.
    private const long HealthyLag = 64L * 1024 * 1024;

    // What the tool pgbouncer-version prints before the version.
    private const string PgBouncerMark = "pgbouncer=";

    private readonly ClusterSpecification _cluster;
    private readonly PatroniArgs _args;
    private readonly Dictionary<string, Resource> _ready = new(StringComparer.Ordinal);

    /// <summary>Registers Patroni on all hosts.</summary>
    /// <param name="name">Resource name, normally <c>patroni</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Patroni(string name, PatroniArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Patroni", name, options)
    {
        _args = args;
        _cluster = args.Cluster;

        Resource? previous = null;
        foreach (var host in args.Hosts)
        {
            previous = AddMember(host, previous);
            _ready[host.HostName] = previous;
        }

        var configured = AddReconcile(args.Hosts[0]);
        List<RemoteCommand> versions = [.. args.Hosts.Select(PgBouncerVersion)];
        var roles = RolesText([.. versions.Select(static command => command.Stdout.Apply(static output => BuildPlan.Lines(output, PgBouncerMark).Replace(PgBouncerMark, "", StringComparison.Ordinal).Trim()))]);
        Resource[] known = [configured, .. versions.Select(static command => command.Resource)];
        Verified = AddVerify(args.Hosts[0], [.. args.Hosts.Select(host => AddRoles(host, roles, known))]);

        PatroniApi = args.Hosts.ToDictionary(
            host => host.HostName,
            host => string.Create(CultureInfo.InvariantCulture, $"http://{host.Specification.Address}:{_cluster.Ports.PatroniApi}"));
        RegisterOutputs(new Dictionary<string, object?> { ["patroniApi"] = PatroniApi });
    }

    /// <summary>What the hosts must know before Patroni is there.</summary>
    public static ServiceDefinition Definition { get; } = new()
    {
        Name = "patroni",
        Packages = PatroniFiles.Packages,
        RestartingPackages = static (cluster, _) => cluster.Patroni.Method == PatroniMethod.Package ? ["patroni"] : [],
        ProgramFolders = static (cluster, _) => cluster.Patroni.Method == PatroniMethod.Pip ? [Path.GetDirectoryName(PatroniFiles.EnvironmentPath)!] : [],
        Units = static (_, _) => ["patroni.service"],
        LeastVersions = static (cluster, _) => PatroniFiles.LeastVersions(cluster),
        Ports = static (cluster, _) =>
        [
            new ServicePort(cluster.Ports.PatroniApi, PortAudience.Peers),
            new ServicePort(cluster.Ports.Postgres, PortAudience.Clients),
        ],
    };

    /// <summary>By host name: its member runs.</summary>
    public IReadOnlyDictionary<string, Resource> Ready => _ready;

    /// <summary>The cluster has one leader, the replicas stream from it, roles and databases are there.</summary>
    public Resource Verified { get; }

    /// <summary>By host name: the address of its REST API.</summary>
    public IReadOnlyDictionary<string, string> PatroniApi { get; }

    private Resource AddMember(Host host, Resource? previous)
    {
        var install = new RemoteCommand(
            $"patroni-install-{host.HostName}",
            host,
            new RemoteCommandArgs { Tool = "patroni-install", Arguments = InstallArguments(host.Specification) },
            this);
        Resource[] programs = [install.Resource, _args.PostgresReady[host.HostName]];

        var secrets = new RemoteFile(
            $"patroni-secrets-{host.HostName}",
            host,
            new RemoteFileArgs { Path = PatroniFiles.SecretsPath, Content = SecretsText(), Mode = "0600" },
            this);
        var rewind = new RemoteFile(
            $"patroni-rewind-{host.HostName}",
            host,
            new RemoteFileArgs { Path = PatroniFiles.RewindPath, Content = PatroniFiles.Rewind(_cluster), Mode = "0755" },
            this);
        var config = new RemoteFile(
            $"patroni-config-{host.HostName}",
            host,
            new RemoteFileArgs
            {
                Path = PatroniFiles.ConfigPath,
                Content = PatroniFiles.Config(_cluster, host.Specification),
                Group = "postgres",
                Mode = "0640",
                Validator = Shell.Join([HostPaths.Tool("patroni-validate"), PatroniFiles.Program(_cluster, "patroni")]) + " {}",
            },
            this,
            [.. programs, rewind.Resource]);
        var unit = new RemoteFile(
            $"patroni-unit-{host.HostName}",
            host,
            new RemoteFileArgs { Path = PatroniFiles.UnitPath, Content = PatroniFiles.Unit(_cluster, host.Specification) },
            this);
        var control = new RemoteFile(
            $"patroni-control-{host.HostName}",
            host,
            new RemoteFileArgs { Path = PatroniFiles.ControlPath, Content = PatroniFiles.Control(_cluster), Mode = "0700" },
            this,
            install.Resource);

        List<Resource> after = [.. programs, .. _args.EtcdReady, control.Resource];
        if (_args.HostReady.TryGetValue(host.HostName, out var own))
        {
            after.Add(own);
        }

        if (previous is not null)
        {
            after.Add(previous);
        }

        string[] member = ["--self", host.HostName, "--lag", Number(HealthyLag), .. PatroniFiles.Members(_cluster)];
        var service = new RemoteService(
            $"patroni-service-{host.HostName}",
            host,
            new RemoteServiceArgs
            {
                Unit = "patroni.service",
                RestartFiles = [unit, secrets],
                ReloadFiles = [config],
                // The version, not whether this very run installed it.
                Versions = [_cluster.Patroni.Method == PatroniMethod.Pip ? _cluster.Patroni.Version : "package"],
                Health = ["patroni-health", .. member],
                Restarter = ["patroni-restart", .. member],
                // A restart under load may replay much WAL.
                Timeout = TimeSpan.FromSeconds(120),
            },
            this,
            [.. after]);
        return service.Resource;
    }

    private Resource AddReconcile(Host host) => new RemoteCommand(
        $"patroni-reconcile-{host.HostName}",
        host,
        new RemoteCommandArgs
        {
            Tool = "patroni-reconcile",
            Arguments = ["--self", host.HostName, "--lag", Number(HealthyLag), "--postgres", _cluster.Postgres.Version, .. DatabaseArguments(), .. PatroniFiles.Members(_cluster)],
            Stdin = WantedState(),
        },
        this,
        [.. _ready.Values]).Resource;

    private Output<string> WantedState()
    {
        var lines = _args.Installed.OrderBy(static entry => entry.Key, StringComparer.Ordinal)
            .Select(static entry => (Input<string>)entry.Value.Apply(line => PatroniFiles.InstalledSince(entry.Key, line)));
        return Output.All(lines).Apply(installed => PatroniFiles.WantedState(_cluster, installed));
    }

    // One place for all hosts: the leader, wherever it is, makes what the oldest PgBouncer needs.
    private RemoteCommand PgBouncerVersion(Host host) =>
        new($"pgbouncer-version-{host.HostName}", host, new RemoteCommandArgs { Tool = "pgbouncer-version" }, this);

    private Resource AddRoles(Host host, Output<string> roles, Resource[] after) => new RemoteCommand(
        $"patroni-roles-{host.HostName}",
        host,
        new RemoteCommandArgs
        {
            Tool = "patroni-roles",
            Arguments = ["--database", _cluster.Postgres.Database, .. DatabaseArguments()],
            Stdin = roles,
        },
        this,
        after).Resource;

    private Resource AddVerify(Host host, IReadOnlyList<Resource> after) => new RemoteCommand(
        $"patroni-verify-{host.HostName}",
        host,
        new RemoteCommandArgs
        {
            Tool = "patroni-verify",
            Arguments = ["--self", host.HostName, "--lag", Number(HealthyLag), "--timeout", "180", .. PatroniFiles.Members(_cluster)],
            // Whatever changes a member has the whole verified once more.
            Stdin = string.Concat(_cluster.Hosts.Select(member => $"{member.Name} {Fingerprints.Of(PatroniFiles.Config(_cluster, member))}\n")),
        },
        this,
        [.. after]).Resource;

    private string[] InstallArguments(HostSpecification host)
    {
        List<string> words = [_cluster.Patroni.Method == PatroniMethod.Pip ? "pip" : "package", "--home", PostgresFiles.Home(host.System), "--data", _cluster.Postgres.DataDirectory];
        if (_cluster.Patroni.RewindFailure == RewindFailure.Copy)
        {
            words.AddRange(["--kept", _cluster.Postgres.KeptDirectory]);
        }

        if (_cluster.Patroni.Method == PatroniMethod.Pip)
        {
            words.AddRange(["--version", _cluster.Patroni.Version]);
            if (_cluster.Mirrors.Pip is { } index)
            {
                words.AddRange(["--index", index]);
            }
        }

        return [.. words];
    }

    private string[] DatabaseArguments() =>
        ["--bin", _cluster.Postgres.BinDirectory, "--socket", _cluster.Postgres.SocketDirectory, "--port", Number(_cluster.Ports.Postgres)];

    private Output<string> SecretsText()
    {
        var secrets = _args.Secrets;
        return Secret(
            [secrets.Superuser, secrets.Replication, secrets.Rewind, secrets.PatroniApi, secrets.EtcdPatroni],
            static values => PatroniFiles.Secrets(values[0], values[1], values[2], values[3], values[4]));
    }

    private Output<string> RolesText(IReadOnlyList<Output<string>> pgBouncerVersions)
    {
        var secrets = _args.Secrets;
        var owner = _cluster.Postgres.Owner;
        return Secret(
            [secrets.Superuser, secrets.Replication, secrets.Rewind, secrets.PgBouncer, secrets.Application, .. pgBouncerVersions],
            values => PatroniFiles.Roles(owner, values[0], values[1], values[2], values[3], values[4], values.Skip(5)));
    }

    private static Output<string> Secret(IReadOnlyList<Output<string>> parts, Func<IReadOnlyList<string>, string> render) =>
        Output.CreateSecret(Output.All(parts.Select(static part => (Input<string>)part)).Apply(values => render(values)));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
