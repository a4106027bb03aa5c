using System.Globalization;
using PostgresHa.Components.Quoting;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

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
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static string CommandLine(ClusterSpecification cluster, HostSpecification host) =>
        HostCommand.AsRoot(cluster, ["sh", "-s", "--", .. Arguments(cluster, host)]);

    /// <summary>The options of the script.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static IReadOnlyList<string> Arguments(ClusterSpecification cluster, HostSpecification host)
    {
        var packages = Services.Packages(cluster, host);
        var compiles = Services.Compiles(cluster, host);
        var least = Services.LeastVersions(cluster, host);
        return
        [
            "--system", host.System == SystemFamily.Debian ? "debian" : "rhel",
            "--cores", Number(host.Cores),
            "--memory", Number(host.Memory),
            "--interface", host.Interface,
            "--address", host.Address,
            "--vip", cluster.Vip.Address,
            "--data", cluster.Postgres.DataDirectory,
            "--data-space", Number(cluster.Preflight.DataSpace),
            "--build-space", Number(cluster.Preflight.BuildSpace),
            "--clock", cluster.Preflight.Clock ? "yes" : "no",
            "--firewall", cluster.Firewall.Mode switch { FirewallMode.Managed => "managed", FirewallMode.Disabled => "disabled", _ => "untouched" },
            "--ports", string.Join(' ', Services.Ports(cluster, host).Select(static port => Number(port.Port))),
            "--clashes", Clashes(cluster, host),
            "--packages", string.Join(' ', packages),
            .. compiles.SelectMany(static program => new[] { "--build", $"{program.Name} {program.Version} {program.Installed} {string.Join(' ', program.Packages)}" }),
            "--artefacts", cluster.Mirrors.Artefacts is null ? "no" : "yes",
            "--origins", Origins(host.System, packages.Concat(compiles.SelectMany(static program => program.Packages)).Concat(least.Select(static one => one.Package))),
            .. least.SelectMany(static one => new[] { "--least", $"{one.Package} {one.Version} {(one.Lacks is null ? "must" : "wish")} {one.Lacks ?? one.Key ?? "-"}" }),
            "--folders", string.Join(' ', Services.ProgramFolders(cluster, host)),
        ];
    }

    private static string Clashes(ClusterSpecification cluster, HostSpecification host) =>
        host.Etcd && cluster.Etcd.Method != EtcdMethod.Package && ComponentVersion.Parse(cluster.Etcd.Version) is { } etcd
            ? string.Join(' ', KnownClashes.Patronis(etcd).Select(static range => $"{range.From}-{range.Below}"))
            : "";

    private static string Origins(SystemFamily system, IEnumerable<string> packages) => string.Join(' ', packages.Distinct()
        .Select(package => (Name: package, Repositories: PackageOrigins.Of(system, package)))
        .Where(static origin => origin.Repositories.Count > 0)
        .Select(static origin => $"{origin.Name}={string.Join(',', origin.Repositories)}"));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
