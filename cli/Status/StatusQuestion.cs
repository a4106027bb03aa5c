using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Infra;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>What is asked of the hosts.</summary>
public static class StatusQuestion
{
    /// <summary>The command whose answer is a <see cref="HostReport"/>.</summary>
    public static string Report(ClusterSpecification cluster, HostSpecification host) => HostCommand.AsRoot(
        cluster,
        [
            HostPaths.Tool("host-report"),
            "--vip", cluster.Vip.Address,
            .. ClusterServices.All.Report(cluster, host),
            .. ClusterServices.All.Units(cluster, host).SelectMany(static unit => new[] { "--unit", unit.Name }),
            .. ClusterServices.All.Of(cluster).SelectMany(service => Packages(service, cluster, host))
                .SelectMany(static name => new[] { "--package", name }),
        ]);

    /// <summary>
    /// The packages that bring a program on one of the cluster's hosts or another; none for one that is built or installed otherwise.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="program">The program.</param>
    public static IReadOnlyList<string> PackageNames(ClusterSpecification cluster, Component program) =>
    [
        .. ClusterServices.All.Of(cluster).Where(service => service.Program == program)
            .SelectMany(service => cluster.Hosts.SelectMany(host => Packages(service, cluster, host))).Distinct(),
    ];

    private static IEnumerable<string> Packages(ServiceDeclaration service, ClusterSpecification cluster, HostSpecification host) =>
        service.Program is null
            ? []
            : service.Packages(cluster, host).Where(static package => package.Restarts).Select(static package => package.Name);

    /// <summary>The command that lists deviations, one a line, and ends with <see cref="DriftFound"/> when there are any.</summary>
    public static string Drift(ClusterSpecification cluster, HostSpecification host, string stack) => HostCommand.AsRoot(
        cluster,
        [HostPaths.Tool("host-drift"), .. HostFiles.Managed(cluster, host, stack).Select(static file => file.Path)]);

    /// <summary>The deviations in what the drift tool printed.</summary>
    public static IReadOnlyList<string> Deviations(string output) =>
    [
        .. output.Split('\n')
            .Where(static line => line.StartsWith(DriftMark, StringComparison.Ordinal))
            .Select(static line => line[DriftMark.Length..].TrimEnd()),
    ];

    private const string DriftMark = "drift: ";

    /// <summary>Exit code of the drift tool when it found deviations.</summary>
    public const int DriftFound = 3;

    /// <summary>Why a host without our tools gives no answer.</summary>
    public const string NothingApplied = "nothing was applied to it yet";

    /// <summary>Why a host whose tools do not know how they are asked gives no answer.</summary>
    public const string OtherTools = "its tools are those of another version of this program";

    // Exit code of a shell that found no such command.
    private const int NoSuchTool = 127;

    /// <summary>Whether a host has not got the tool that it was asked by.</summary>
    /// <param name="result">Its answer.</param>
    public static bool LacksTool(SshResult result) =>
        result.ExitCode == NoSuchTool || result.Stderr.Contains("command not found", StringComparison.Ordinal);
}
