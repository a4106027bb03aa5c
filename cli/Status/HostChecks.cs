using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>Hosts that do not answer, services that do not run, clocks that disagree.</summary>
internal static class HostChecks
{
    // Leases and logs are compared across hosts; the answers themselves arrive within a second or two of each other.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private const double LittleSpace = 0.15;
    private const double HardlyAnySpace = 0.05;

    public static IEnumerable<Problem> Find(StatusScene scene)
    {
        foreach (var host in scene.Cluster.Hosts)
        {
            if (scene.Report(host.Name) is not { } report)
            {
                yield return StatusScene.Error(
                    host.Name,
                    $"{host.Name} ({host.Address}) could not be asked: {scene.Failure(host.Name)}",
                    scene.Failure(host.Name) is StatusQuestion.NothingApplied or StatusQuestion.OtherTools
                        ? $"apply the stack: ./pgha up --stack {scene.Stack}"
                        : "see that the host is up and its sshd reachable; what the others say of it stands below");
                continue;
            }

            if (report.PgBouncerError is { } silent
                && report.Services.Any(static service => service.Unit == "pgbouncer.service" && service.Active))
            {
                yield return StatusScene.Error(
                    host.Name,
                    $"PgBouncer on {host.Name} runs, but does not answer: {silent}",
                    $"on {host.Name}: journalctl -u pgbouncer -n 50");
            }

            if (report.FreeDisk is < LittleSpace and { } free)
            {
                yield return new Problem(
                    free < HardlyAnySpace ? ProblemSeverity.Error : ProblemSeverity.Warning,
                    host.Name,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the disk below {scene.Cluster.Postgres.DataDirectory} on {host.Name} is {1 - free:P0} full"),
                    $"on {host.Name}: du -sh {scene.Cluster.Postgres.DataDirectory}/pg_wal, and see for what slot the WAL is kept");
            }

            foreach (var kept in report.Kept)
            {
                yield return StatusScene.Warning(
                    host.Name,
                    $"pg_rewind failed on {host.Name}, which took a fresh copy of the leader's data; its old data directory is kept "
                    + $"as {kept}",
                    $"on {host.Name}: look for what only it has, then rm -r {kept}");
            }

            if (scene.Cluster.Patroni.Watchdog == WatchdogMode.Required && !report.Watchdog)
            {
                yield return StatusScene.Error(
                    host.Name,
                    $"{host.Name} has no watchdog device, without which it may not lead",
                    $"on {host.Name}: modprobe softdog, or set patroni.watchdog: automatic");
            }

            foreach (var problem in report.Services.Select(service => Judge(scene, host.Name, service)).OfType<Problem>())
            {
                yield return problem;
            }
        }

        if (scene.Reports.Count > 1)
        {
            var times = scene.Reports.Select(static pair => pair.Report.Time).ToList();
            var spread = times.Max() - times.Min();
            if (spread > ClockTolerance)
            {
                yield return StatusScene.Warning(
                    null,
                    string.Create(CultureInfo.InvariantCulture, $"the hosts' clocks differ by up to {spread.TotalSeconds:0} s"),
                    "see that each runs chrony or systemd-timesyncd: timedatectl");
            }
        }
    }

    private static Problem? Judge(StatusScene scene, string host, ServiceReport service)
    {
        var name = service.Unit.EndsWith(".service", StringComparison.Ordinal) ? service.Unit[..^".service".Length] : service.Unit;
        if (!service.Installed)
        {
            return StatusScene.Error(host, $"{name} is not installed on {host}", $"apply the stack: ./pgha up --stack {scene.Stack}");
        }

        if (!service.Active)
        {
            return StatusScene.Error(
                host, $"{name} on {host} is {service.State}", $"on {host}: journalctl -u {name} -n 50, then systemctl start {name}");
        }

        return service.Enabled
            ? null
            : StatusScene.Error(host, $"{name} on {host} runs, but would stay down after a reboot", $"on {host}: systemctl enable {name}");
    }
}
