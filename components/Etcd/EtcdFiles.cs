using PostgresHa.Components.Building;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Files and packages of etcd. Plain computing.</summary>
public static class EtcdFiles
{
    /// <summary>The member's configuration.</summary>
    public const string ConfigPath = "/etc/etcd/etcd.conf.yml";

    /// <summary>The unit.</summary>
    public const string UnitPath = "/etc/systemd/system/" + Unit;

    /// <summary>The unit's name.</summary>
    public const string Unit = "etcd.service";

    /// <summary>Addresses and credentials of user root for etcdctl, for the tools on a host and for its administrator.</summary>
    public const string RootEnvironmentPath = "/etc/etcd/root.env";

    /// <summary>The user it runs as, whose key its certificate is for.</summary>
    public const string User = "etcd";

    /// <summary>Path of the member's certificate, for its clients and its peers.</summary>
    public static readonly string CertificatePath = CertificateFiles.PathOf(User);

    /// <summary>Path of its private key.</summary>
    public static readonly string KeyPath = CertificatePath + ".key";

    /// <summary>Name of the file of <see cref="ConfigPath"/>.</summary>
    public const string ConfigName = "config";

    /// <summary>Name of the file of <see cref="RootEnvironmentPath"/>.</summary>
    public const string CredentialsName = "credentials";

    /// <summary>Name of the file of <see cref="CertificatePath"/>.</summary>
    public const string CertificateName = "certificate";

    // The libraries of etcd 3.5 as the Debian family packages them, and what a build with them needs. No C compiler: nothing of it is C.
    private static readonly string[] DistributionLibraries =
    [
        "golang-go", "xz-utils", "patch", "golang-github-bgentry-speakeasy-dev", "golang-github-coreos-bbolt-dev",
        "golang-github-coreos-go-semver-dev", "golang-github-coreos-go-systemd-dev", "golang-github-dustin-go-humanize-dev",
        "golang-github-gogo-protobuf-dev", "golang-github-golang-groupcache-dev", "golang-github-golang-jwt-jwt-dev",
        "golang-github-golang-protobuf-1-5-dev", "golang-github-google-btree-dev", "golang-github-grpc-ecosystem-go-grpc-middleware-dev",
        "golang-github-grpc-ecosystem-go-grpc-prometheus-dev", "golang-github-grpc-ecosystem-grpc-gateway-dev",
        "golang-github-prometheus-common-dev", "golang-github-jonboulle-clockwork-dev", "golang-github-json-iterator-go-dev",
        "golang-github-modern-go-reflect2-dev", "golang-github-olekukonko-tablewriter-dev", "golang-github-prometheus-client-golang-dev",
        "golang-github-prometheus-client-model-dev", "golang-github-soheilhy-cmux-dev", "golang-github-spf13-cobra-dev",
        "golang-github-spf13-pflag-dev", "golang-github-tmc-grpc-websocket-proxy-dev", "golang-github-urfave-cli-dev",
        "golang-github-xiang90-probing-dev", "golang-go.uber-zap-dev", "golang-golang-x-crypto-dev", "golang-golang-x-net-dev",
        "golang-golang-x-sys-dev", "golang-golang-x-time-dev", "golang-google-grpc-dev", "golang-gopkg-cheggaaa-pb.v1-dev",
        "golang-gopkg-natefinch-lumberjack.v2-dev", "golang-k8s-sigs-yaml-dev", "golang-opentelemetry-contrib-dev",
        "golang-opentelemetry-otel-dev",
    ];

    /// <summary>The key prefix Patroni works below, with its closing slash.</summary>
    public static string Prefix(ClusterSpecification cluster) => cluster.Patroni.Namespace + "/";

    /// <summary>The files of a member.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The member's host.</param>
    public static IEnumerable<HostFile> All(ClusterSpecification cluster, HostSpecification host) =>
    [
        new HostFile
        {
            Name = ConfigName,
            Path = ConfigPath,
            Content = Config(cluster, host),
            Backup = true,
            OnChange = FileEffect.Restart,
        },
        new HostFile { Name = "unit", Path = UnitPath, Content = UnitFile(cluster), OnChange = FileEffect.Restart },
        Hardening(cluster).File,
        // Also of a member without TLS, which can so be given it, and lose it again, while it serves. It is read at each connection.
        CertificateFiles.Of(CertificateName, User, host),
        new HostFile
        {
            Name = CredentialsName,
            Path = RootEnvironmentPath,
            Mode = "0600",
            Content = FileContent.With([SecretCatalogue.EtcdRoot], secret => RootEnvironment(cluster, secret(SecretCatalogue.EtcdRoot))),
        },
    ];

    /// <summary>The unit of a member.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The member's host.</param>
    public static ServiceUnit Service(ClusterSpecification cluster, HostSpecification host)
    {
        var own = EtcdEndpoints.Peer(cluster, host).Url;
        return new ServiceUnit(Unit)
        {
            Health =
            [
                "etcd-health",
                EtcdEndpoints.Client(cluster, host).Url,
                own,
                .. cluster.EtcdHosts.Select(member => EtcdEndpoints.Peer(cluster, member).Url).Where(peer => peer != own),
            ],
            Restarter = ["etcd-restart", EtcdEndpoints.Client(cluster, host).Url, own],
        };
    }

    /// <summary>A member's configuration.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The member's host.</param>
    public static string Config(ClusterSpecification cluster, HostSpecification host)
    {
        var etcd = cluster.Etcd;
        string Client(HostSpecification member) => EtcdEndpoints.Client(cluster, member).Url;
        return Templates.Render("etcd/etcd.conf.yml", new Dictionary<string, object?>
        {
            ["name"] = host.Name,
            ["data_directory"] = etcd.DataDirectory,
            ["peer_url"] = EtcdEndpoints.Peer(cluster, host).Url,
            ["client_url"] = Client(host),
            ["listen_client_urls"] = $"{Client(host)},{EtcdEndpoints.OwnClient(cluster).Url}",
            ["heartbeat"] = Plain.Number((long)etcd.HeartbeatInterval.TotalMilliseconds),
            ["election"] = Plain.Number((long)etcd.ElectionTimeout.TotalMilliseconds),
            ["snapshot_count"] = Plain.Number(etcd.SnapshotCount),
            ["quota"] = Plain.Number(etcd.QuotaBackendBytes),
            ["authority"] = etcd.Tls ? CertificateFiles.AuthorityPath : "",
            ["certificate"] = CertificatePath,
            ["key"] = KeyPath,
        });
    }

    /// <summary>What the unit is kept from.</summary>
    public static UnitHardening Hardening(ClusterSpecification cluster) => new() { Unit = Unit, Data = cluster.Etcd.DataDirectory };

    /// <summary>The unit's file.</summary>
    public static string UnitFile(ClusterSpecification cluster) =>
        Templates.Render("etcd/etcd.service", new Dictionary<string, object?>
        {
            ["cluster"] = cluster.Name,
            ["program"] = cluster.Etcd.Method == EtcdMethod.Package ? "/usr/bin/etcd" : "/usr/local/bin/etcd",
            ["prepare"] = HostPaths.Tool("etcd-prepare"),
            ["data"] = cluster.Etcd.DataDirectory,
        });

    /// <summary>The file of <see cref="RootEnvironmentPath"/>. A secret.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="password">Password of etcd's user root.</param>
    public static string RootEnvironment(ClusterSpecification cluster, string password) =>
        Templates.Render("etcd/root.env", new Dictionary<string, object?>
        {
            ["endpoints"] = string.Join(',', cluster.EtcdHosts.Select(member => EtcdEndpoints.Client(cluster, member).Url)),
            ["user"] = $"root:{password}",
            ["authority"] = cluster.Etcd.Tls ? CertificateFiles.AuthorityPath : "",
            ["certificate"] = CertificatePath,
            ["key"] = KeyPath,
        });

    /// <summary>The packages on a host.</summary>
    public static IEnumerable<ServicePackage> Packages(ClusterSpecification cluster, HostSpecification host) =>
        !host.Etcd || cluster.Etcd.Method != EtcdMethod.Package ? []
        : host.System == SystemFamily.Debian ? [Package("etcd-server"), new ServicePackage("etcd-client") { Restarts = true }]
        : [Package("etcd") with { Repositories = [PackageRepository.PgdgExtras] }];

    /// <summary>The packages needed to compile, on a host where that has to be done.</summary>
    public static IReadOnlyList<string> BuildPackages(EtcdSpecification etcd, SystemFamily system) =>
        // git: without a proxy each module comes from its own repository.
        system == SystemFamily.Rhel ? ["golang", "git-core"]
        : etcd.GoLibraries == GoLibraries.Distribution ? DistributionLibraries
        : ["golang-go"];

    /// <summary>What a host compiles of it: etcd, where the plan says so.</summary>
    public static IEnumerable<SourceProgram> Compiles(ClusterSpecification cluster, HostSpecification host) =>
        !host.Etcd || Place(cluster) is not { } place || BuildPlan.Builder(place, cluster.EtcdHosts, host).Name != host.Name ? []
            : [new SourceProgram("etcd", cluster.Etcd.Version, "/usr/local/bin/etcd", BuildPackages(cluster.Etcd, host.System))];

    /// <summary>The options that alone tell one build of etcd, or one release archive, from another; none for a package.</summary>
    public static IReadOnlyList<string> Recipe(EtcdSpecification etcd) =>
        etcd.Method == EtcdMethod.Package ? []
        : [
            "--version", etcd.Version,
            "--sha256", etcd.Sha256 ?? "-",
            .. etcd.Method == EtcdMethod.Source ? ["--libraries", Libraries(etcd)] : Array.Empty<string>(),
            .. Patches(etcd) is { } patches ? ["--patches-sha256", patches] : Array.Empty<string>(),
        ];

    /// <summary>SHA-256 of the distribution's patches that a build takes; null where it takes none.</summary>
    public static string? Patches(EtcdSpecification etcd) =>
        etcd.Method == EtcdMethod.Source && etcd.GoLibraries == GoLibraries.Distribution ? etcd.PatchesSha256 : null;

    /// <summary>The options of the tools etcd-build and etcd-install on a host.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static IReadOnlyList<string> Options(ClusterSpecification cluster, HostSpecification host)
    {
        var etcd = cluster.Etcd;
        if (etcd.Method == EtcdMethod.Package)
        {
            return [];
        }

        List<string> options = ["--version", etcd.Version, "--sha256", etcd.Sha256 ?? "-", "--source", cluster.Mirrors.Etcd];
        if (etcd.Method == EtcdMethod.Archive)
        {
            return options;
        }

        options.AddRange(["--libraries", Libraries(etcd)]);
        options.AddRange(["--cores", Plain.Number(host.Cores), "--packages", string.Join(' ', BuildPackages(etcd, host.System))]);
        if (Patches(etcd) is { } patches)
        {
            options.AddRange(["--patches", PatchesUrl(cluster.Mirrors.Etcd), "--patches-sha256", patches]);
        }

        if (etcd.GoLibraries == GoLibraries.Modules && cluster.Mirrors.Go is { } proxy)
        {
            options.AddRange(["--go-proxy", proxy]);
        }

        if (cluster.Mirrors.Artefacts is { } artefacts)
        {
            options.AddRange(["--artefacts", artefacts]);
        }

        return options;
    }

    /// <summary>The distribution's patches lie beside the source: <c>etcd-3.5.16.tar.gz</c>, <c>etcd-3.5.16.debian.tar.xz</c>.</summary>
    /// <param name="source">Address of the source archive.</param>
    public static string PatchesUrl(string source) =>
        (source.EndsWith(".tar.gz", StringComparison.Ordinal) ? source[..^".tar.gz".Length] : source) + ".debian.tar.xz";

    /// <summary>Where an etcd that is compiled is compiled; null when it is not.</summary>
    public static BuildPlace? Place(ClusterSpecification cluster) =>
        cluster.Etcd.Method == EtcdMethod.Source ? cluster.Etcd.Build : null;

    /// <summary>Whether a host hands out the etcd it has built.</summary>
    public static bool Serves(ClusterSpecification cluster, HostSpecification host) =>
        host.Etcd && Place(cluster) is { } place && BuildPlan.Serves(place, cluster.EtcdHosts, host);

    /// <summary>Every member as <c>etcd-members</c> takes it: <c>NAME,CLIENT-URL,PEER-URL</c>.</summary>
    public static IReadOnlyList<string> Addresses(ClusterSpecification cluster) =>
    [
        .. cluster.EtcdHosts.Select(
            member => $"{member.Name},{EtcdEndpoints.Client(cluster, member).Url},{EtcdEndpoints.Peer(cluster, member).Url}"),
    ];

    private static string Libraries(EtcdSpecification etcd) =>
        etcd.GoLibraries == GoLibraries.Distribution ? "distribution" : "modules";

    // The one that brings the server, and so decides its version.
    private static ServicePackage Package(string name) =>
        new(name) { Restarts = true, Least = [new LeastVersion(EtcdSpecification.LeastVersion, "etcd.method")] };
}
