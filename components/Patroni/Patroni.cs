using PostgresHa.Components.Building;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="Patroni"/> needs.</summary>
public sealed record PatroniArgs : ComponentArgs
{
    /// <summary>By host name: PostgreSQL's programs and the user postgres are there.</summary>
    public required IReadOnlyDictionary<string, Resource> PostgresReady { get; init; }

    /// <summary>
    /// By host name, the line that tells which PostgreSQL is installed there and since when (<see cref="PostgresBuild.Installed"/>): one
    /// that was started before is restarted. A host may be absent.
    /// </summary>
    public IReadOnlyDictionary<string, Output<string>> Installed { get; init; } = new Dictionary<string, Output<string>>();

    /// <summary>By host name, key, certificate and authority there.</summary>
    public required IReadOnlyDictionary<string, RemoteFiles> Certificates { get; init; }

    /// <summary>What becomes of clients without TLS.</summary>
    public required Output<TlsClients> Clients { get; init; }

    /// <summary>What must be there before the first member starts, for instance etcd verified with its users.</summary>
    public IReadOnlyList<Resource> EtcdReady { get; init; } = [];

    /// <summary>
    /// What must be there before a member answers its API in another way, for instance proxies that check it in both. Default nothing.
    /// </summary>
    public IReadOnlyList<Resource> Checked { get; init; } = [];

    /// <summary>By host name: what else that host's member waits for, for instance its watchdog. A host may be absent.</summary>
    public IReadOnlyDictionary<string, Resource> HostReady { get; init; } = new Dictionary<string, Resource>();
}

/// <summary>
/// Patroni on every host, and with it PostgreSQL: its parameters tried, installed, configured, started host by host, restarted where its
/// dynamic configuration needs it, the database's roles reconciled, the whole verified.
/// </summary>
public sealed class Patroni : ComponentResource
{
    // What the tool pgbouncer-version prints before the version.
    private const string PgBouncerMark = "pgbouncer=";

    private readonly ClusterSpecification _cluster;
    private readonly PatroniArgs _args;

    /// <summary>Registers Patroni on all hosts.</summary>
    /// <param name="name">Resource name, normally <c>patroni</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Patroni(string name, PatroniArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Patroni", name, options)
    {
        _args = args;
        _cluster = args.Cluster;

        Passwords = [.. args.Hosts.Select(AddPasswords)];
        Resource[] tried = [.. args.Hosts.Select(AddTry)];
        var files = args.Hosts.Select(host => AddFiles(host, tried)).ToList();
        List<Resource> known = HasTls ? [.. args.Hosts.Select(AddEnded)] : [];
        // Before any member: one that does not start with what stands in etcd is mended by it, and its service's step waits for its health.
        var previous = AddWanted("patroni-configure", args.Hosts[0], Programs(args.Hosts[0], files[0]));
        foreach (var (host, own) in args.Hosts.Zip(files))
        {
            previous = AddMember(host, own, [previous, .. known]);
        }

        Serving = previous;

        // Replicas one after the other, each from its own host, where PostgreSQL's journal is; what a first one refuses goes no further.
        foreach (var host in args.Hosts)
        {
            previous = AddWanted("patroni-renew", host, previous);
        }

        var configured = AddWanted("patroni-reconcile", args.Hosts[0], previous);
        List<RemoteCommand> versions = [.. args.Hosts.Select(PgBouncerVersion)];
        var roles = RolesText(args.Hosts[0].Secrets, [.. versions.Select(static command => command.Stdout.Apply(Version))]);
        Resource[] settled = [configured, .. versions.Select(static command => command.Resource)];
        Verified = AddVerify(args.Hosts[0], [.. args.Hosts.Select(host => AddRoles(host, roles, settled))]);

        RegisterOutputs();
    }

    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "patroni",
        Program = Component.Patroni,
        Packages = PatroniService.Packages,
        ProgramFolders = static (cluster, _) =>
            cluster.Patroni.Method == PatroniMethod.Pip ? [Path.GetDirectoryName(PatroniFiles.EnvironmentPath)!] : [],
        Users = static (_, host) => [new SystemUser(PostgresFiles.User, PostgresFiles.Home(host.System))],
        Endpoints = static (cluster, host) => [PatroniEndpoints.Api(cluster, host), PatroniEndpoints.Postgres(cluster, host)],
        Files = PatroniFiles.All,
        Reads = static cluster => cluster.Tls.IsOn || cluster.Patroni.ApiTls ? [Components.Certificates.Declaration] : [],
        Secrets = PatroniFiles.RolesSecrets,
        Units = static (cluster, host) => [PatroniService.Unit(cluster, host)],
        Report = static (cluster, host) => ["--patroni", PatroniEndpoints.Api(cluster, host).Url],
    };

    /// <summary>
    /// The roles of a database that runs have the passwords that are to hold, on every host, so that whoever comes with them is let in:
    /// before any file has them.
    /// </summary>
    public IReadOnlyList<Resource> Passwords { get; }

    /// <summary>Every member is healthy with its files.</summary>
    public Resource Serving { get; }

    /// <summary>The cluster has one leader, the replicas stream from it, roles and databases are there.</summary>
    public Resource Verified { get; }

    /// <summary>
    /// Registers what tells a cluster that runs which hosts the stack has: before anything that forgets one. On every host, since any one
    /// may be new, and then has nobody to tell.
    /// </summary>
    /// <param name="hosts">The hosts.</param>
    /// <returns>The resources after which those who leave know it.</returns>
    public static IReadOnlyList<Resource> Announce(IReadOnlyList<Host> hosts) =>
    [
        .. hosts.Select(static host => new RemoteCommand(
            $"patroni-hosts-{host.HostName}",
            host,
            new RemoteCommandArgs
            {
                Tool = "patroni-hosts",
                Arguments = [.. PatroniService.Member(host.Specification), .. PatroniService.Members(host.Cluster)],
            },
            host).Resource),
    ];

    // The same on every host at once, and beside etcd's installation: it needs PostgreSQL's programs and what the parameters name, key and
    // certificate. So nobody is told to use TLS before all hosts have theirs.
    private Resource AddTry(Host host)
    {
        Input<string> text = _args.Installed.TryGetValue(host.HostName, out var installed)
            ? installed.Apply(line => PatroniFiles.Trial(_cluster, line))
            : PatroniFiles.Trial(_cluster, "");
        return new RemoteCommand(
            $"postgres-try-{host.HostName}",
            host,
            new RemoteCommandArgs { Tool = "postgres-try", Arguments = ["--bin", _cluster.Postgres.BinDirectory], Stdin = text },
            this,
            [_args.PostgresReady[host.HostName], .. _args.Certificates[host.HostName].All.Select(static file => file.Resource)]).Resource;
    }

    private (RemoteFiles Files, Resource Install) AddFiles(Host host, Resource[] tried)
    {
        var install = new RemoteCommand(
            $"patroni-install-{host.HostName}",
            host,
            new RemoteCommandArgs { Tool = "patroni-install", Arguments = InstallArguments(host.Specification) },
            this).Resource;
        var files = new RemoteFiles(
            Declaration,
            host,
            this,
            file => file switch
            {
                // It holds the parameters: a refused one is written nowhere.
                PatroniFiles.ConfigName => [install, _args.PostgresReady[host.HostName], .. tried],
                PatroniFiles.ControlName => [install],
                PatroniFiles.SecretsName => Passwords,
                _ => [],
            },
            content: file => file == PatroniFiles.ConfigName
                ? _args.Clients.Apply(clients => PatroniFiles.Config(_cluster.WithClients(clients), host.Specification))
                : null);
        if (HasTls)
        {
            // PostgreSQL rereads its certificate at any reload, and Patroni reloads it at its own (reload_config with sighup); for its API
            // it takes one with another serial number.
            files.Include(_args.Certificates[host.HostName]);
        }

        return (files, install);
    }

    // What patronictl on a host needs to reach etcd.
    private Resource[] Programs(Host host, (RemoteFiles Files, Resource Install) own) =>
    [
        own.Install, _args.PostgresReady[host.HostName], .. _args.EtcdReady, .. own.Files.All.Select(static file => file.Resource),
    ];

    private bool HasTls => _cluster.Tls.IsOn || _cluster.Patroni.ApiTls;

    // A member is not well while the others show certificates that have ended.
    private Resource AddEnded(Host host) => new RemoteCommand(
        $"certificate-ended-{host.HostName}",
        host,
        new RemoteCommandArgs
        {
            Tool = "certificate-ended",
            Arguments =
            [
                PatroniService.Unit(_cluster, host.Specification).Name,
                .. _cluster.Tls.IsOn ? new[] { "--asks", PatroniEndpoints.Postgres(_cluster, host.Specification).Authority } : [],
                .. _cluster.Patroni.ApiTls ? new[] { PatroniEndpoints.Api(_cluster, host.Specification).Authority } : [],
            ],
            Stdin = _args.Certificates[host.HostName][CertificateFiles.CertificateName].Fingerprint,
        },
        this,
        _args.Certificates[host.HostName][CertificateFiles.CertificateName].Resource).Resource;

    private Resource AddMember(Host host, (RemoteFiles Files, Resource Install) own, IEnumerable<Resource> previous)
    {
        List<Resource> after = [.. Programs(host, own), .. previous, .. _args.Checked];
        if (_args.HostReady.TryGetValue(host.HostName, out var ready))
        {
            after.Add(ready);
        }

        return new RemoteService(Declaration, host, own.Files, this, [], after).Resource;
    }

    // One of the tools that know what the cluster as a whole is to be.
    private Resource AddWanted(string tool, Host host, params Resource[] after) => new RemoteCommand(
        $"{tool}-{host.HostName}",
        host,
        new RemoteCommandArgs
        {
            Tool = tool,
            Arguments =
            [
                .. PatroniService.Member(host.Specification),
                "--postgres",
                _cluster.Postgres.Version,
                .. DatabaseArguments(),
                .. PatroniService.Members(_cluster),
            ],
            Stdin = WantedState(),
        },
        this,
        after).Resource;

    private Output<string> WantedState()
    {
        var lines = _args.Installed.OrderBy(static entry => entry.Key, StringComparer.Ordinal)
            .Select(static entry => (Input<string>)entry.Value.Apply(line => PatroniFiles.InstalledSince(entry.Key, line)));
        return Output.All(lines).Apply(installed => PatroniFiles.WantedState(_cluster, installed));
    }

    // One place for all hosts: the leader, wherever it is, makes what the oldest PgBouncer needs.
    private RemoteCommand PgBouncerVersion(Host host) =>
        new($"pgbouncer-version-{host.HostName}", host, new RemoteCommandArgs { Tool = "pgbouncer-version" }, this);

    private static string Version(string output) =>
        BuildPlan.Lines(output, PgBouncerMark).Replace(PgBouncerMark, "", StringComparison.Ordinal).Trim();

    // A connection that is there outlives the change of its password; one that is made anew needs the one that holds.
    private Resource AddPasswords(Host host) => new RemoteCommand(
        $"patroni-passwords-{host.HostName}",
        host,
        new RemoteCommandArgs
        {
            Tool = "patroni-roles",
            Arguments = ["--passwords", "--database", _cluster.Postgres.Database, .. DatabaseArguments()],
            Stdin = RolesText(host.Secrets, []),
        },
        this).Resource;

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
            Arguments = [.. PatroniService.Member(host.Specification), "--timeout", "180", .. PatroniService.Members(_cluster)],
            // Whatever changes a member has the whole verified once more.
            Stdin = string.Concat(_cluster.Hosts.Select(
                member => $"{member.Name} {Fingerprints.Of(PatroniFiles.Config(_cluster, member) + HostSetup.Machine(member))}\n")),
        },
        this,
        [.. after]).Resource;

    private string[] InstallArguments(HostSpecification host)
    {
        List<string> words =
        [
            _cluster.Patroni.Method == PatroniMethod.Pip ? "pip" : "package",
            "--home",
            PostgresFiles.Home(host.System),
            "--data",
            _cluster.Postgres.DataDirectory,
        ];
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
    [
        "--bin", _cluster.Postgres.BinDirectory, "--socket", _cluster.Postgres.SocketDirectory,
        "--port", Plain.Number(_cluster.Ports.Postgres),
    ];

    private Output<string> RolesText(ClusterSecrets secrets, IReadOnlyList<Output<string>> pgBouncerVersions)
    {
        var owner = _cluster.Postgres.Owner;
        return Output.CreateSecret(Output.All(pgBouncerVersions.Select(static version => (Input<string>)version))
            .Apply(versions => secrets.Text(PatroniFiles.RolesSecrets, secret => PatroniFiles.Roles(owner, secret, versions))));
    }
}
