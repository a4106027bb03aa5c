namespace PostgresHa.EndToEnd.Support;

/// <summary>Which processes the services run as: an unchanged one was not restarted.</summary>
public static class Units
{
    public static readonly string[] All = ["etcd", "patroni", "pgbouncer", "haproxy", "keepalived", "firewalld"];

    /// <summary>For each host and unit, main process and time of activation.</summary>
    public static Dictionary<string, string> Snapshot(Pgha pgha)
    {
        var result = new Dictionary<string, string>();
        foreach (var host in LabFixture.Hosts.Keys)
        {
            var shown = pgha.OnHost(
                host,
                $"for u in {string.Join(' ', All)}; do echo $u $(systemctl show -p MainPID -p ActiveEnterTimestampMonotonic --value "
                + "$u); done")
                .Succeeded($"systemctl show on {host}").Output;
            foreach (var line in shown.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var words = line.Split(' ', 2);
                result[$"{words[0]} on {host}"] = words[1];
            }
        }

        return result;
    }

    /// <summary>The units that are not the process they were.</summary>
    public static IReadOnlyList<string> Restarted(Dictionary<string, string> before, Dictionary<string, string> after) =>
        [.. before.Where(pair => after[pair.Key] != pair.Value).Select(static pair => pair.Key).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> OnEveryHost(string unit) =>
        LabFixture.Hosts.Keys.Select(host => $"{unit} on {host}").Order(StringComparer.Ordinal);
}
