using System.Globalization;
using PostgresHa.Components;

namespace PostgresHa.Cli.Status;

/// <summary>Leader, replicas, lag, timelines, the virtual IP.</summary>
internal static class MemberChecks
{
    public static IEnumerable<Problem> Find(StatusScene scene) =>
        scene.Reports.Count == 0 ? [] : Answers(scene).Concat(Members(scene)).Concat(Vip(scene));

    private static IEnumerable<Problem> Answers(StatusScene scene) => scene.Reports
        .Where(static pair => pair.Report.Patroni.Error is not null)
        .Select(pair => StatusScene.Error(
            pair.Host.Name,
            $"Patroni's API on {pair.Host.Name} does not answer: {pair.Report.Patroni.Error}",
            $"on {pair.Host.Name}: journalctl -u patroni -n 50"));

    private static IEnumerable<Problem> Members(StatusScene scene)
    {
        if (scene.View is not { } view)
        {
            yield return StatusScene.Error(
                null,
                "no Patroni that could be asked knows the cluster's members: nothing can be written",
                "see etcd below, then on each host: journalctl -u patroni -n 50");
            yield break;
        }

        if (view.Pause)
        {
            yield return StatusScene.Error(
                null, "Patroni is paused: nobody takes over when the leader fails", $"on any host: sudo {PatroniFiles.ControlPath} resume");
        }

        var leaders = Leaders(scene);
        if (leaders.Count > 1)
        {
            yield return StatusScene.Error(
                null,
                $"the members disagree on who leads: {string.Join(" and ", leaders)}",
                "a failover may be under way; if this stays, stop Patroni on the one that HAProxy does not show UP");
        }
        else if (scene.Leader is null)
        {
            yield return StatusScene.Error(
                null,
                "no member leads: nothing can be written",
                "an election may be under way; if this stays, see etcd below and journalctl -u patroni on each host");
        }

        foreach (var host in scene.Cluster.Hosts)
        {
            foreach (var problem in Judge(scene, host.Name))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<Problem> Judge(StatusScene scene, string host)
    {
        if (scene.Member(host) is not { } member)
        {
            yield return StatusScene.Error(host, $"{host} is not a member of the cluster", $"on {host}: systemctl status patroni");
            yield break;
        }

        if (member.State is not ("running" or "streaming"))
        {
            yield return StatusScene.Error(
                host,
                $"PostgreSQL on {host} is “{member.State}” instead of running",
                $"on {host}: journalctl -u patroni -n 50; if it cannot catch up: sudo {PatroniFiles.ControlPath} reinit "
                + $"{scene.Cluster.Name} {host}");
            yield break;
        }

        if (member != scene.Leader && scene.Leader is { } leader)
        {
            if (member.State != "streaming")
            {
                yield return StatusScene.Error(
                    host,
                    $"{host} runs but does not stream from {leader.Name}",
                    $"on {host}: journalctl -u patroni -n 50");
            }

            if (member.Timeline is { } own && leader.Timeline is { } right && own != right)
            {
                yield return StatusScene.Error(
                    host,
                    string.Create(CultureInfo.InvariantCulture, $"{host} is on timeline {own}, the leader on {right}"),
                    $"it may still be catching up; if this stays: sudo {PatroniFiles.ControlPath} reinit {scene.Cluster.Name} {host}");
            }

            if (member.LagBytes is { } lag && lag > scene.Cluster.Patroni.MaximumLagOnFailover)
            {
                yield return StatusScene.Warning(
                    host,
                    $"{host} lags {Quantities.Bytes(lag)} behind the leader: too much to take over (limit "
                    + $"{Quantities.Bytes(scene.Cluster.Patroni.MaximumLagOnFailover)})",
                    $"see its disk and network, and long queries there");
            }
        }

        if (member.PendingRestart)
        {
            yield return StatusScene.Warning(
                host,
                $"PostgreSQL on {host} needs a restart for a changed parameter",
                $"on any host: sudo {PatroniFiles.ControlPath} restart {scene.Cluster.Name} {host}");
        }
    }

    // Each Patroni that answers names its own leader; a split shows as two names.
    private static IReadOnlyList<string> Leaders(StatusScene scene) =>
    [
        .. scene.Reports.Select(static pair => pair.Report.Patroni.Cluster)
            .OfType<PatroniCluster>()
            .SelectMany(static cluster => cluster.Members.Where(StatusScene.IsLeader))
            .Select(static member => member.Name)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<Problem> Vip(StatusScene scene)
    {
        var vip = scene.Cluster.Vip.Address;
        if (scene.Holders.Count == 0)
        {
            var all = scene.Reports.Count == scene.Cluster.Hosts.Count;
            yield return StatusScene.Error(
                null,
                all ? $"no host holds the VIP {vip}: clients cannot connect" : $"no host that answered holds the VIP {vip}",
                "on each host: systemctl status keepalived haproxy");
        }
        else if (scene.Holders.Count > 1)
        {
            yield return StatusScene.Error(
                null,
                $"the VIP {vip} is on {scene.Holders.Count} hosts at once: {string.Join(", ", scene.Holders)}",
                "their keepalived do not hear each other: see that VRRP (IP protocol 112) passes between them");
        }
    }
}
