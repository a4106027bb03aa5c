using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>Decides from the hosts' answers how the cluster is. Pure: the same answers give the same verdict.</summary>
public static class StatusJudge
{
    /// <summary>Puts the answers together and says what is wrong with them.</summary>
    /// <param name="stack">Name of the stack.</param>
    /// <param name="cluster">What the cluster should be.</param>
    /// <param name="answers">One answer for each host.</param>
    /// <param name="drift">Deviations by host; null when they were not asked for.</param>
    /// <param name="now">When the hosts were asked.</param>
    public static ClusterStatus Judge(
        string stack,
        ClusterSpecification cluster,
        IReadOnlyList<HostAnswer> answers,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? drift,
        DateTimeOffset now)
    {
        var scene = new StatusScene(stack, cluster, answers, drift);
        var problems = new List<Problem>();
        problems.AddRange(HostChecks.Find(scene));
        problems.AddRange(MemberChecks.Find(scene));
        problems.AddRange(EtcdChecks.Find(scene));
        problems.AddRange(ProxyChecks.Find(scene));
        problems.AddRange(DriftChecks.Find(scene));
        problems.AddRange(ConfigurationChecks.Find(scene));
        problems.AddRange(VersionChecks.Find(scene));
        problems.AddRange(CertificateChecks.Find(scene));
        var sorted = problems.OrderByDescending(static problem => problem.Severity).ToList();
        return new ClusterStatus
        {
            Stack = stack,
            Cluster = cluster.Name,
            CheckedAt = now,
            Verdict = Verdict(scene, sorted),
            Problems = sorted,
            Leader = scene.Leader?.Name,
            Paused = scene.View?.Pause ?? false,
            Vip = new VipStatus(cluster.Vip.Address, scene.Holders),
            Configuration = ConfigurationChecks.Differences(scene),
            Hosts = [.. cluster.Hosts.Select(host => Describe(scene, host))],
        };
    }

    private static HostStatus Describe(StatusScene scene, HostSpecification host)
    {
        var report = scene.Report(host.Name);
        var member = scene.Member(host.Name);
        return new HostStatus
        {
            Name = host.Name,
            Address = host.Address,
            Reachable = report is not null,
            Uptime = report?.Uptime,
            Role = member?.Role,
            State = member?.State,
            Timeline = member?.Timeline,
            LagBytes = member is null || member == scene.Leader ? null : member.LagBytes,
            PendingRestart = member?.PendingRestart ?? false,
            HoldsVip = report?.Vip ?? false,
            Watchdog = report?.Watchdog ?? false,
            WatchdogDriver = report?.WatchdogDriver,
            Etcd = report?.Etcd,
            HAProxy = report?.HAProxy.Servers ?? [],
            CertificateDays = report?.Certificates.Values.Min() is { } end ? CertificateChecks.DaysLeft(end, report.Time) : null,
            Services = report?.Services ?? [],
            Components = report?.Components ?? [],
            Drift = scene.Drift is { } all && all.TryGetValue(host.Name, out var found) ? found : null,
        };
    }

    private static string Verdict(StatusScene scene, List<Problem> problems)
    {
        var errors = problems.Count(static problem => problem.Severity == ProblemSeverity.Error);
        var warnings = problems.Count - errors;
        var count = scene.Cluster.Hosts.Count;
        // What clients feel comes first: can they write, and would one more failure stop them.
        if (errors == 0)
        {
            var replicas = count - 1;
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"healthy: {scene.Leader!.Name} leads, {replicas} replica{Plural(replicas)} streaming, VIP {scene.Cluster.Vip.Address} "
                + $"on {string.Join(", ", scene.Holders)}");
            return warnings == 0 ? text : text + string.Create(CultureInfo.InvariantCulture, $"; {warnings} warning{Plural(warnings)}");
        }

        var problemCount = string.Create(CultureInfo.InvariantCulture, $"{errors} problem{Plural(errors)}");
        if (scene.Reports.Count == 0)
        {
            return "UNKNOWN: no host could be asked";
        }

        if (scene.Leader is not { } leader)
        {
            return $"DOWN: there is no leader, nothing can be written ({problemCount})";
        }

        if (scene.Holders.Count == 0)
        {
            return $"DOWN for clients: {leader.Name} leads, but no host seen holds the VIP {scene.Cluster.Vip.Address} ({problemCount})";
        }

        return $"degraded: {leader.Name} leads and takes writes, {problemCount}";
    }

    private static string Plural(int count) => count == 1 ? "" : "s";
}
