using System.Globalization;

namespace PostgresHa.Cli.Status;

/// <summary>Hosts that do not answer, services that do not run, clocks that disagree.</summary>
internal static class HostChecks
{
    // Leases and logs are compared across hosts; the answers themselves arrive within a second or two of each other.
    private const double ClockTolerance = 5;

    public static IEnumerable<Problem> Find(StatusScene scene)
    {
        foreach (var host in scene.Cluster.Hosts)
        {
            if (scene.Report(host.Name) is not { } report)
            {
                yield return StatusScene.Error(
                    host.Name,
                    $"{host.Name} ({host.Address}) could not be asked: {scene.Failure(host.Name)}",
                    "see that the host is up and its sshd reachable; what the others say of it stands below");
                continue;
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
                    string.Create(CultureInfo.InvariantCulture, $"the hosts' clocks differ by up to {spread:0} s"),
                    "see that each runs chrony or systemd-timesyncd: timedatectl");
            }
        }
    }

    private static Problem? Judge(StatusScene scene, string host, ServiceReport service)
    {
        var name = service.Unit.EndsWith(".service", StringComparison.Ordinal) ? service.Unit[..^".service".Length] : service.Unit;
        if (service.Loaded == "not-found")
        {
            return StatusScene.Error(host, $"{name} is not installed on {host}", $"apply the stack: ./pgha up --stack {scene.Stack}");
        }

        if (service.Active != "active")
        {
            var how = service.Active == "failed" ? $"failed ({service.Result})" : $"{Text(service.Active)} ({Text(service.Sub)})";
            return StatusScene.Error(host, $"{name} on {host} is {how}", $"on {host}: journalctl -u {name} -n 50, then systemctl start {name}");
        }

        return service.Enabled is "enabled" or "enabled-runtime" or "static"
            ? null
            : StatusScene.Error(
                host,
                $"{name} on {host} runs, but is {Text(service.Enabled)}: it would stay down after a reboot",
                $"on {host}: systemctl enable {name}");

        static string Text(string value) => value.Length > 0 ? value : "unknown";
    }
}
