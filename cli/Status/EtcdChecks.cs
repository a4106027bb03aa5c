using System.Globalization;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>etcd: each member, the quorum, one leader.</summary>
internal static class EtcdChecks
{
    // Of its quota; there is time to look then.
    private const double Soon = 0.8;

    private const double Megabyte = 1 << 20;

    public static IEnumerable<Problem> Find(StatusScene scene)
    {
        var members = scene.Reports.Where(static pair => pair.Host.Etcd).ToList();
        if (members.Count == 0)
        {
            yield break;
        }

        foreach (var (host, report) in members)
        {
            if (report.Etcd is not { Healthy: true, Error: null })
            {
                yield return StatusScene.Error(
                    host.Name,
                    $"etcd on {host.Name} {(report.Etcd?.Error is { Length: > 0 } error ? "is not healthy: " + error : "does not answer")}",
                    IsFull(report.Etcd)
                        ? $"its database is full, and nothing is written until that is mended: raise etcd.quotaBackendBytes in "
                            + $"Pulumi.{scene.Stack}.yaml and apply it, which also ends the alarm"
                        : $"on {host.Name}: journalctl -u etcd -n 50");
            }
        }

        var quota = scene.Cluster.Etcd.QuotaBackendBytes;
        var program = scene.Cluster.Etcd.Method == EtcdMethod.Package ? "/usr/bin/etcdctl" : "/usr/local/bin/etcdctl";
        foreach (var (host, report) in members)
        {
            if (report.Etcd is { Healthy: true, DatabaseBytes: { } bytes } && bytes >= quota * Soon)
            {
                yield return StatusScene.Warning(
                    host.Name,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"etcd's database on {host.Name} has {bytes / Megabyte:0} MB of the {quota / Megabyte:0} MB that it may have: once "
                        + $"it is full nothing is written"),
                    $"see which keys fill it (there: sudo {HostPaths.Tool("with-environment")} {EtcdFiles.RootEnvironmentPath} "
                        + $"{program} get --prefix / --keys-only), or raise etcd.quotaBackendBytes in Pulumi.{scene.Stack}.yaml and apply "
                        + "it");
            }
        }

        var both = members.Where(static one => one.Report.Etcd is { AnswersByBoth: true }).Select(static one => one.Host.Name).ToList();
        if (both.Count > 0)
        {
            yield return StatusScene.Warning(
                null,
                $"etcd on {string.Join(", ", both)} answers with and without TLS: the application that changes it has not ended",
                "apply the stack once more");
        }

        var total = scene.Cluster.EtcdHosts.Count;
        var quorum = total / 2 + 1;
        var healthy = members.Count(static pair => pair.Report.Etcd is { Healthy: true } || IsFull(pair.Report.Etcd));
        if (healthy < quorum)
        {
            var seen = members.Count == total
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" of the {members.Count} that could be asked");
            yield return StatusScene.Error(
                null,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"etcd has {healthy} healthy member(s){seen}, its quorum is {quorum} of {total}: no leader can be elected"),
                "start etcd on the other members; lost data directories need a recovery, do not delete anything");
        }

        var leaders = members.Select(static pair => pair.Report.Etcd?.Leader).OfType<string>().Distinct().Count();
        if (leaders > 1)
        {
            yield return StatusScene.Error(
                null,
                "the etcd members disagree on who leads them",
                "an election may be under way; if this stays, their network is split: see port "
                    + scene.Cluster.Ports.EtcdPeer.ToString(CultureInfo.InvariantCulture));
        }
    }

    // A member whose database is full votes all the same.
    private static bool IsFull(EtcdReport? etcd) => etcd?.Error?.Contains("NOSPACE", StringComparison.Ordinal) == true;
}
