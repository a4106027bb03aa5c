using System.Collections.Immutable;
using System.Text.Json;
using PostgresHa.Components;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Infra;

/// <summary>The stack: one cluster, from the validated specification to its outputs.</summary>
public class ClusterStack : Stack
{
    private static readonly AsyncLocal<SpecificationResult?> Given = new();

    /// <summary>Reads and validates the specification, then registers everything.</summary>
    /// <exception cref="RunException">
    /// The configuration is wrong, or the program runs where the hosts may not be dialled; nothing was registered.
    /// </exception>
    public ClusterStack()
        : this(null)
    {
    }

    /// <summary>The same, with options: a test sees every resource's parent and dependencies by a transformation only.</summary>
    /// <param name="options">Stack options.</param>
    /// <param name="clock">Tells by when certificates are made and renewed. Default the system's.</param>
    protected ClusterStack(StackOptions? options, TimeProvider? clock = null)
        : base(options)
    {
        var config = new Config();
        var cluster = Specify(config);
        var secrets = Secrets.Create(config, cluster, this);
        var privateKey = Connections.PrivateKey(cluster.Ssh, config);

        var hosts = cluster.Hosts.Select(host => new Host(
            host.Name,
            new HostArgs
            {
                Cluster = cluster,
                Specification = host,
                Connection = Connections.For(cluster, host, privateKey),
                Services = ClusterServices.All,
                Secrets = secrets,
                Stack = $"{Deployment.Instance.ProjectName}/{Deployment.Instance.StackName}",
            },
            Own())).ToList();
        HostSetup.Prepare(hosts);

        var announced = Patroni.Announce(hosts);
        var firewall = new Firewall("firewall", new FirewallArgs { Hosts = hosts, Announced = announced }, Own());
        var watchdog = new Watchdog("watchdog", new ComponentArgs { Hosts = hosts }, Own());
        var build = new PostgresBuild(
            "postgres", new PostgresBuildArgs { Hosts = hosts, Firewall = firewall.Ready }, Own());
        var certificates = new Certificates(
            "certificates",
            new CertificatesArgs { Hosts = hosts, User = build.Ready, Now = (clock ?? TimeProvider.System).GetUtcNow() },
            Own());
        var etcd = new Etcd(
            "etcd", new EtcdArgs { Hosts = hosts, Firewall = firewall.Ready, Certificates = certificates }, Own());
        var checks = HAProxy.Begin(hosts, certificates.Files);
        var patroni = new Patroni(
            "patroni",
            new PatroniArgs
            {
                Hosts = hosts,
                PostgresReady = build.Ready,
                Installed = build.Installed,
                Certificates = certificates.Files,
                Clients = certificates.Clients,
                EtcdReady = [etcd.Verified, .. firewall.Ready.Values],
                HostReady = watchdog.Ready,
                Checked = [.. checks.Select(static one => one.Resource)],
            },
            Own());
        etcd.Close(patroni.Verified);
        _ = new Service(
            new ServiceArgs { Declaration = EtcdYield.Declaration, Hosts = hosts, After = [etcd.Verified, patroni.Verified] }, Own());
        var pgbouncer = new PgBouncer(
            "pgbouncer",
            new PgBouncerArgs
            {
                Hosts = hosts,
                User = build.Ready,
                Certificates = certificates.Files,
                Clients = certificates.Clients,
                Passwords = patroni.Passwords,
                Roles = [patroni.Verified],
            },
            Own());
        var haproxy = new HAProxy(
            "haproxy",
            new HAProxyArgs
            {
                Hosts = hosts,
                Certificates = certificates.Files,
                Checked = [patroni.Serving],
                Members = [patroni.Verified, .. pgbouncer.Ready.Values],
            },
            Own());
        haproxy.End(checks, patroni.Verified);
        _ = new Keepalived(
            "keepalived",
            new KeepalivedArgs { Hosts = hosts, HAProxy = haproxy.Ready, Firewall = [.. announced, .. firewall.Ready.Values] },
            Own());

        foreach (var service in ClusterServices.All.Of(cluster).Where(static service => service.StandsAlone))
        {
            _ = new Service(new ServiceArgs { Declaration = service, Hosts = hosts }, Own());
        }

        // What the hosts have refused is not recorded.
        Identity = Output.All(hosts.Select(static host => (Input<string>)host.Identified))
            .Apply(_ => ClusterIdentity.Of(cluster).ToImmutableDictionary());
        Vip = Output.Create(cluster.Vip.Address);
        WriteEndpoint = Output.Create(HAProxyEndpoints.Write(cluster).Authority);
        ReadEndpoint = Output.Create(HAProxyEndpoints.Read(cluster).Authority);
        PooledEndpoint = Output.Create(HAProxyEndpoints.PooledWrite(cluster).Authority);
        PooledReadEndpoint = Output.Create(HAProxyEndpoints.PooledRead(cluster).Authority);
        StatisticsUrl = Output.Create(HAProxyEndpoints.Statistics(cluster, cluster.Vip.Address).Url);
        PatroniApi = ByHost(cluster.Hosts, host => PatroniEndpoints.Api(cluster, host).Url);
        EtcdEndpoints = ByHost(cluster.EtcdHosts, host => Components.EtcdEndpoints.Client(cluster, host).Url);
        FailoverBudget = Output.Create(
            PostgresHa.Specification.FailoverBudget.Of(cluster)
                .ToImmutableDictionary(scenario => scenario.Name, scenario => scenario.ToString()));
        // A password of the user's own may hold characters that a URI does not.
        ConnectionUri = secrets[SecretCatalogue.Application].Apply(password =>
            $"postgresql://{cluster.Postgres.Owner}:{Uri.EscapeDataString(password)}"
            + $"@{HAProxyEndpoints.Write(cluster).Authority}/{cluster.Postgres.Database}{(cluster.Tls.IsOn ? "?sslmode=require" : "")}");
        Authority = certificates.Authority;
        SuperuserPassword = secrets[SecretCatalogue.Superuser];
        ApplicationPassword = secrets[SecretCatalogue.Application];
        StatisticsPassword = secrets[SecretCatalogue.Statistics];
        PatroniApiPassword = secrets[SecretCatalogue.PatroniApi];
        EtcdRootPassword = secrets[SecretCatalogue.EtcdRoot];

        // The SDK may fill in an options object: one each.
        ComponentResourceOptions Own() => new() { Parent = this };
    }

    /// <summary>
    /// Runs the program on what was read of the stack file already, as the offline command line has: it is not read a second time.
    /// </summary>
    /// <param name="read">What reading gave. Where that was errors, the program reads for itself and says them.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SpecificationResult read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Given.Value = read.Specification is null ? null : read;
        return await Deployment.RunAsync<ClusterStack>();
    }

    /// <summary>What of the cluster cannot be changed by editing, by path: whoever applies the stack again compares with it.</summary>
    [Output("identity")]
    public Output<ImmutableDictionary<string, string>> Identity { get; private set; }

    /// <summary>The virtual IP.</summary>
    [Output("vip")]
    public Output<string> Vip { get; private set; }

    /// <summary>Address and port of the leader, through the virtual IP.</summary>
    [Output("writeEndpoint")]
    public Output<string> WriteEndpoint { get; private set; }

    /// <summary>Address and port of the replicas.</summary>
    [Output("readEndpoint")]
    public Output<string> ReadEndpoint { get; private set; }

    /// <summary>Address and port of the leader through PgBouncer.</summary>
    [Output("pooledEndpoint")]
    public Output<string> PooledEndpoint { get; private set; }

    /// <summary>Address and port of the replicas through PgBouncer.</summary>
    [Output("pooledReadEndpoint")]
    public Output<string> PooledReadEndpoint { get; private set; }

    /// <summary>HAProxy's statistics page on whichever host holds the virtual IP.</summary>
    [Output("statisticsUrl")]
    public Output<string> StatisticsUrl { get; private set; }

    /// <summary>Patroni's REST API by host.</summary>
    [Output("patroniApi")]
    public Output<ImmutableDictionary<string, string>> PatroniApi { get; private set; }

    /// <summary>etcd's client endpoints by host.</summary>
    [Output("etcdEndpoints")]
    public Output<ImmutableDictionary<string, string>> EtcdEndpoints { get; private set; }

    /// <summary>
    /// The certificate of the stack's authority, or of two while one takes over from the other, as PEM. A client that has it in a file knows whom it talks to, also through the virtual IP:
    /// <c>sslmode=verify-full sslrootcert=FILE</c>.
    /// </summary>
    [Output("authority")]
    public Output<string> Authority { get; private set; }

    /// <summary>
    /// Connection URI of the application's role. Secret. By its <c>sslmode=require</c> nothing is read on the way; with
    /// <see cref="Authority"/> in a file, <c>verify-full</c> knows the server as well.
    /// </summary>
    [Output("connectionUri")]
    public Output<string> ConnectionUri { get; private set; }

    /// <summary>The worst case of each kind of failover in seconds, with its terms, computed from the stack's own timings.</summary>
    [Output("failoverBudget")]
    public Output<ImmutableDictionary<string, string>> FailoverBudget { get; private set; }

    /// <summary>Password of PostgreSQL's superuser. Secret.</summary>
    [Output("superuserPassword")]
    public Output<string> SuperuserPassword { get; private set; }

    /// <summary>Password of the application's role. Secret.</summary>
    [Output("applicationPassword")]
    public Output<string> ApplicationPassword { get; private set; }

    /// <summary>Password of the statistics page. Secret.</summary>
    [Output("statisticsPassword")]
    public Output<string> StatisticsPassword { get; private set; }

    /// <summary>Password of Patroni's REST API. Secret.</summary>
    [Output("patroniApiPassword")]
    public Output<string> PatroniApiPassword { get; private set; }

    /// <summary>Password of etcd's user root. Secret.</summary>
    [Output("etcdRootPassword")]
    public Output<string> EtcdRootPassword { get; private set; }

    private static Output<ImmutableDictionary<string, string>> ByHost(
        IEnumerable<HostSpecification> hosts, Func<HostSpecification, string> value) =>
        Output.Create(hosts.ToImmutableDictionary(host => host.Name, value));

    private static ClusterSpecification Specify(Config config)
    {
        var result = Given.Value ?? Read(config);
        foreach (var warning in result.Warnings)
        {
            Log.Warn(warning.ToString());
        }

        var project = Deployment.Instance.ProjectName;
        var errors = result.Errors
            .Concat(
                StackKeys.Check(project, GivenConfiguration.Values()).Concat(Secrets.Check(config, project))
                    .DistinctBy(static error => error.Path))
            .ToList();
        if (result.Specification is { } read && Secrets.CheckAuthority(config, project, read.Tls) is { } wrong)
        {
            errors.Add(wrong);
        }

        if (result.Specification is not { } cluster || errors.Count > 0)
        {
            throw new RunException(
                $"The configuration of stack {Deployment.Instance.StackName} has {errors.Count} error(s); nothing was touched:\n"
                + string.Join('\n', errors.Select(error => "  " + error)));
        }

        if (!Deployment.Instance.IsDryRun && cluster.Ssh.NetworkNamespace is { } name && !NetworkNamespace.IsCurrent(name))
        {
            throw new RunException(
                $"The hosts of stack {Deployment.Instance.StackName} may be dialled only from inside the network namespace {name} "
                + $"(ssh.networkNamespace); run it there: ip netns exec {name} pulumi up");
        }

        return cluster;
    }

    private static SpecificationResult Read(Config config)
    {
        var folder = ProjectDirectory();
        try
        {
            return SpecificationReader.Read(
                config.RequireObject<JsonElement>("cluster"),
                folder,
                hasPrivateKeySecret: config.GetSecret("sshPrivateKey") is not null,
                // Pulumi hands over 8 where the file says 010.
                StackFile.SpellingsOf(folder, Deployment.Instance.ProjectName, Deployment.Instance.StackName));
        }
        catch (StackFileException error)
        {
            throw new RunException(error.Message, error);
        }
    }

    // Pulumi runs the program in the folder of `main`; the stack files, and what they name, lie where Pulumi.yaml does.
    private static string ProjectDirectory()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }
}
