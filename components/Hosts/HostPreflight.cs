using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components.Hosts;

/// <summary>What a host is asked before anything is written on it. Plain computing.</summary>
public static class HostPreflight
{
    /// <summary>Begins each problem that the script finds; the host's name follows.</summary>
    public const string ProblemMark = "preflight: ";

    /// <summary>Begins each remark of the script; the host's name follows.</summary>
    public const string RemarkMark = "note: ";

    /// <summary>Begins the last line of the script where the host is fit.</summary>
    public const string FitMark = "unchanged: ";

    /// <summary>The script, which the command reads from its standard input: nothing is written on a host that is not fit.</summary>
    public static string Script { get; } = Templates.Read("host/packages-lib.sh") + Templates.Read("host/host-preflight.sh");

    /// <summary>The command that asks a host.</summary>
    /// <param name="services">The services.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    /// <param name="stack">The stack, as <c>PROJECT/STACK</c>.</param>
    public static string CommandLine(ServiceList services, ClusterSpecification cluster, HostSpecification host, string stack) =>
        HostCommand.AsRoot(cluster, ["sh", "-s", "--", .. Arguments(services, cluster, host, stack)]);

    /// <summary>The options of the script.</summary>
    /// <param name="services">The services.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    /// <param name="stack">The stack, as <c>PROJECT/STACK</c>.</param>
    public static IReadOnlyList<string> Arguments(
        ServiceList services, ClusterSpecification cluster, HostSpecification host, string stack)
    {
        var packages = HostPackages.Of(services, cluster, host);
        var compiles = services.Compiles(cluster, host);
        return
        [
            "--system", host.System == SystemFamily.Debian ? "debian" : "rhel",
            "--cores", Plain.Number(host.Cores),
            "--memory", Plain.Number(host.Memory),
            "--interface", host.Interface,
            "--address", host.Address,
            "--vip", cluster.Vip.Address,
            "--identity", ClusterIdentity.Lines(stack, cluster, host),
            "--members", string.Join(' ', cluster.Hosts.Select(static member => $"{member.Name}={member.Address}")),
            "--leader-removal", cluster.Patroni.LeaderRemoval == LeaderRemoval.Switchover ? "switchover" : "refuse",
            "--authorities", Authorities(cluster),
            "--tls", cluster.Tls.Clients is { } clients ? Name(clients) : "",
            "--data", cluster.Postgres.DataDirectory,
            "--data-space", Plain.Number(cluster.Preflight.DataSpace),
            "--build-space", Plain.Number(cluster.Preflight.BuildSpace),
            "--clock", cluster.Preflight.Clock ? "yes" : "no",
            "--firewall", Name(cluster.Firewall.Mode),
            "--ports",
            string.Join(' ', services.Endpoints(cluster, host).Select(static endpoint => Plain.Number(endpoint.Port)).Distinct()),
            "--clashes", Clashes(cluster, host),
            "--packages", string.Join(' ', packages),
            .. compiles.SelectMany(static program => new[] { "--build", Text(program) }),
            "--artefacts", cluster.Mirrors.Artefacts is null ? "no" : "yes",
            "--origins", Origins(
                host.System, services.Packages(cluster, host), packages.Concat(compiles.SelectMany(static program => program.Packages))),
            .. HostPackages.LeastVersions(services, cluster, host)
                .SelectMany(static one => new[] { "--least", Text(one.Package, one.Least) }),
            "--folders", string.Join(' ', services.ProgramFolders(cluster, host)),
        ];
    }

    /// <summary>Who signs the certificates, and who else is trusted, as the preflight is told of them.</summary>
    /// <param name="cluster">The cluster.</param>
    public static string Authorities(ClusterSpecification cluster) => string.Join(
        ';',
        cluster.Tls.AuthorityNumbers.Select(
            number => number == 0 ? TlsSpecification.Own : TlsSpecification.AuthorityName(cluster.Name, number)));

    private static string Text(SourceProgram program) =>
        $"{program.Name} {program.Version} {program.Installed} {string.Join(' ', program.Packages)}";

    private static string Text(string package, LeastVersion least) =>
        $"{package} {least.Version} {(least.Lacks is null ? "must" : "wish")} {least.Lacks ?? least.Key ?? "-"}";

    private static string Name(FirewallMode mode) => mode switch
    {
        FirewallMode.Managed => "managed",
        FirewallMode.Disabled => "disabled",
        _ => "untouched",
    };

    private static string Name(TlsClients clients) => clients switch
    {
        TlsClients.Required => "required",
        TlsClients.Optional => "optional",
        _ => "off",
    };

    private static string Clashes(ClusterSpecification cluster, HostSpecification host) =>
        host.Etcd && cluster.Etcd.Method != EtcdMethod.Package && ComponentVersion.Parse(cluster.Etcd.Version) is { } etcd
            ? string.Join(' ', KnownClashes.Patronis(etcd).Select(static range => $"{range.From}-{range.Below}"))
            : "";

    // Which repositories, beside those that the system asks anyway, have a package or a newer one.
    private static string Origins(SystemFamily system, IReadOnlyList<ServicePackage> declared, IEnumerable<string> names) =>
        string.Join(' ', names.Distinct()
            .Select(name => (Name: name, Repositories: Repositories(system, declared, name)))
            .Where(static origin => origin.Repositories.Count > 0)
            .Select(static origin => $"{origin.Name}={string.Join(',', origin.Repositories.Select(Name))}"));

    private static IReadOnlyList<PackageRepository> Repositories(
        SystemFamily system, IReadOnlyList<ServicePackage> declared, string name) =>
        declared.FirstOrDefault(package => package.Name == name)?.Repositories
        ?? (system == SystemFamily.Rhel && name.EndsWith("-devel", StringComparison.Ordinal) ? [PackageRepository.Crb] : []);

    private static string Name(PackageRepository repository) => repository switch
    {
        PackageRepository.Epel => "epel",
        PackageRepository.Pgdg => "pgdg",
        PackageRepository.PgdgExtras => "pgdg-extras",
        _ => "crb",
    };
}
