using PostgresHa.Components;

namespace PostgresHa.Cli.Status;

/// <summary>What each HAProxy would do with a client: writes must go to the leader only, reads to the replicas.</summary>
internal static class ProxyChecks
{
    private const string Leader = "leader";
    private const string Replicas = "replicas";

    public static IEnumerable<Problem> Find(StatusScene scene)
    {
        foreach (var (host, report) in scene.Reports)
        {
            if (report.HAProxy.Error is { } error)
            {
                yield return StatusScene.Error(
                    host.Name,
                    $"HAProxy on {host.Name} does not answer at its socket: {error}",
                    $"on {host.Name}: systemctl status haproxy");
                continue;
            }

            foreach (var problem in Judge(scene, host.Name, report.HAProxy.Servers))
            {
                yield return problem;
            }
        }

        var both = scene.Reports.Where(static one => one.Report.HAProxy.ChecksInBothWays).Select(static one => one.Host.Name)
            .ToList();
        if (both.Count > 0)
        {
            yield return StatusScene.Warning(
                null,
                $"HAProxy on {List(both)} checks Patroni's members as before and as it is to: the application that changes it has not "
                + "ended",
                "apply the stack once more");
        }
    }

    private static IEnumerable<Problem> Judge(StatusScene scene, string host, IReadOnlyList<HAProxyServer> servers)
    {
        // Without a leader the members' own problems say it all.
        if (scene.Leader is not { } leader)
        {
            yield break;
        }

        foreach (var backend in servers.GroupBy(static server => server.Backend))
        {
            var up = backend.Where(static server => server.Up).Select(static server => server.Server).ToList();
            if (backend.Key is Leader or "pooled-" + Leader)
            {
                if (up is not [var only] || only != leader.Name)
                {
                    yield return StatusScene.Error(
                        host,
                        $"HAProxy on {host} sends writes ({backend.Key}) to {List(up)} instead of {leader.Name}",
                        $"it follows Patroni's API within seconds; if this stays, see that {host} reaches port "
                        + $"{scene.Cluster.Ports.PatroniApi} of every host");
                }
            }
            else if (backend.Key is Replicas or "pooled-" + Replicas)
            {
                var wanted = scene.View!.Members.Where(member => member != leader && member.State == "streaming")
                    .Select(static member => member.Name);
                var missing = wanted.Except(up).ToList();
                if (missing.Count > 0)
                {
                    var first = scene.Cluster.Hosts.First(other => other.Name == missing[0]);
                    yield return StatusScene.Error(
                        host,
                        $"HAProxy on {host} sends no reads ({backend.Key}) to {List(missing)}",
                        $"see that {host} reaches port {scene.Cluster.Ports.PatroniApi} there; curl "
                        + (scene.Cluster.Patroni.ApiTls ? $"--cacert {CertificateFiles.AuthorityPath} " : "")
                        + $"{PatroniEndpoints.Api(scene.Cluster, first).Url}/replica says why");
                }
            }
        }
    }

    private static string List(List<string> names) => names.Count == 0 ? "nobody" : string.Join(", ", names);
}
