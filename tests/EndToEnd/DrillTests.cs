using System.Text.Json;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>Drills: each says itself whether it kept its promises; here nothing may be lost besides.</summary>
public sealed partial class ClusterTests
{
    private static readonly TimeSpan DrillLimit = TimeSpan.FromMinutes(8);

    [LabFact]
    public void A_drill_that_does_not_exist_touches_nothing()
    {
        var answer = _lab.Pgha.Run("drill", "host-crahs");
        Assert.NotEqual(0, answer.Code);
        Assert.StartsWith("pgha: There is no drill 'host-crahs'; there are ", answer.Error, StringComparison.Ordinal);
    }

    [LabFact]
    public void Drill_switchover() => Assert.NotEqual(Drill("switchover").LeaderBefore, _lab.Leader());

    [LabFact]
    public void Drill_kill_postgres() => Drill("kill-postgres");

    [LabFact]
    public void Drill_haproxy_down() => Drill("haproxy-down");

    [LabFact]
    public void Drill_host_crash() => Assert.NotEqual(Drill("host-crash", mayLose: true).LeaderBefore, _lab.Leader());

    [LabFact]
    public void Drill_partition_leader_with_strict_synchronous_mode_loses_nothing()
    {
        _lab.Stack.Set("patroni", "synchronous: strict");
        _lab.Pgha.Run("up").Succeeded("up");
        _lab.WaitUntilHealthy(Settled);
        Drill("partition-leader");
    }

    [LabFact]
    public void Drill_replace_host()
    {
        var stack = _lab.Stack.Text;
        var drill = Drill("replace-host");
        // Nobody who writes notices.
        Assert.True(drill.WriteGap < 3, $"writes failed for {drill.WriteGap:0.0} s");
        Assert.Equal(drill.LeaderBefore, _lab.Leader());
        Assert.Equal(stack, _lab.Stack.Text);
        Assert.True(_lab.Pgha.Run("status", "--drift").Code == 0, "status --drift finds something afterwards");
    }

    [LabFact]
    public void Drill_bad_change()
    {
        var stack = _lab.Stack.Text;
        // What identifies a cluster, a value of PostgreSQL, and one that only the running service does not survive.
        var drill = Drill("bad-change", false, "--change", "name", "--change", "timezone", "--change", "haproxy");
        Assert.Equal(drill.LeaderBefore, _lab.Leader());
        Assert.Equal(stack, _lab.Stack.Text);
    }

    [LabFact]
    public void A_drill_on_an_unhealthy_cluster_is_refused_and_touches_nothing()
    {
        _lab.Pgha.OnHost("standby1", "systemctl stop pgbouncer").Succeeded("systemctl stop");
        try
        {
            var answer = _lab.Pgha.Run("drill", "host-crash");
            Assert.NotEqual(0, answer.Code);
            Assert.StartsWith(
                "pgha: Nothing was touched: the cluster is not healthy to begin with: ", answer.Error, StringComparison.Ordinal);
        }
        finally
        {
            _lab.Pgha.OnHost("standby1", "systemctl start pgbouncer").Succeeded("systemctl start");
        }
    }

    private sealed record DrillAnswer(string LeaderBefore, double WriteGap);

    private DrillAnswer Drill(string name, bool mayLose = false, params string[] options)
    {
        var report = Path.Combine(_lab.Stack.Folder, name + ".html");
        var answer = _lab.Pgha.Run(DrillLimit, null, secret: false, ["drill", name, "--json", "--report", report, .. options])
            .Succeeded("drill " + name);
        var result = Assert.Single(JsonDocument.Parse(answer.Output).RootElement.EnumerateArray());
        Console.WriteLine(answer.Error);
        Assert.True(result.GetProperty("passed").GetBoolean(), answer.Output);
        Assert.Empty(result.GetProperty("twoWriters").EnumerateArray());
        // Asynchronous replication may lose the last moment of a host that is gone for good.
        Assert.True(mayLose || result.GetProperty("missing").GetInt32() == 0, answer.Output);
        Assert.True(result.GetProperty("acknowledged").GetInt32() > 100, answer.Output);
        Assert.Contains("</html>", File.ReadAllText(report), StringComparison.Ordinal);
        return new DrillAnswer(result.GetProperty("leaderBefore").GetString()!, result.GetProperty("writeGap").GetDouble());
    }
}
