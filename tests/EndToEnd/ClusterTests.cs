using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>
/// The whole product on three hosts: the fixture has run <c>lab up</c>. Each test finds the cluster as committed and healthy, whatever ran
/// before.
/// </summary>
public sealed partial class ClusterTests : IClassFixture<LabFixture>
{
    private static readonly TimeSpan Settled = LabFixture.Settled;

    private readonly LabFixture _lab;

    public ClusterTests(LabFixture lab)
    {
        _lab = lab;
        lab.Begin();
    }

    [LabFact]
    public void After_lab_up_the_cluster_is_healthy()
    {
        _lab.WaitUntilHealthy(TimeSpan.FromSeconds(30));
        var (_, status) = _lab.Status();
        Assert.Equal(
            2, status.GetProperty("hosts").EnumerateArray().Count(static host => host.GetProperty("state").GetString() == "streaming"));
        Assert.Single(status.GetProperty("vip").GetProperty("holders").EnumerateArray());
    }

    [LabFact]
    public void Writes_land_on_the_leader_and_reads_on_a_replica()
    {
        var leader = LabFixture.Hosts[_lab.Leader()];
        const string Where = "select host(inet_server_addr()) || ' ' || pg_is_in_recovery()";
        Assert.Equal(leader + " false", _lab.Database.Ask<string>(Database.Write, Where));
        var replicas = Enumerable.Range(0, 4).Select(_ => _lab.Database.Ask<string>(Database.Read, Where)).Distinct().ToList();
        Assert.All(replicas, replica => Assert.EndsWith(" true", replica, StringComparison.Ordinal));
        // Reads are spread over both replicas.
        Assert.Equal(2, replicas.Count);
    }

    [LabFact]
    public void Both_pooled_ports_work()
    {
        Assert.False(_lab.Database.Ask<bool>(Database.PooledWrite, "select pg_is_in_recovery()"));
        Assert.True(_lab.Database.Ask<bool>(Database.PooledRead, "select pg_is_in_recovery()"));
    }

    [LabFact]
    public void What_is_written_is_read_on_the_replicas()
    {
        _lab.Database.Execute(Database.Write, "create table if not exists seen (id int); truncate seen; insert into seen values (42)");
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (_lab.Database.Ask<long>(Database.Read, "select count(*) from seen where id = 42") == 0)
        {
            Assert.True(DateTime.UtcNow < deadline, "the row did not reach the replicas within 10 s");
            Thread.Sleep(100);
        }
    }

    [LabFact]
    public void Every_host_reaches_the_database_through_the_vip()
    {
        var password = _lab.Secrets["applicationPassword"];
        foreach (var host in LabFixture.Hosts.Keys)
        {
            // The password travels by stdin, as everywhere.
            var answer = _lab.Pgha.OnHost(
                host,
                $"read -r PGPASSWORD; export PGPASSWORD; /opt/pgsql/bin/psql -h {LabFixture.Vip} -p 5000 -U app -d app -Atc 'select "
                + "pg_is_in_recovery()'",
                password + "\n");
            Assert.Equal("f", answer.Succeeded($"psql on {host}").Output.Trim());
        }
    }

    [LabFact]
    public void The_preflight_finds_the_hosts_of_a_running_cluster_fit_and_touches_nothing()
    {
        var units = Units.Snapshot(_lab.Pgha);
        var answer = _lab.Pgha.Run("preflight").Succeeded("preflight");
        Assert.All(
            LabFixture.Hosts.Keys,
            host => Assert.Contains($"{host} ({LabFixture.Hosts[host]}): fit: ", answer.Output, StringComparison.Ordinal));
        Assert.EndsWith("all 3 hosts are fit\n", answer.Output, StringComparison.Ordinal);
        Assert.Empty(Units.Restarted(units, Units.Snapshot(_lab.Pgha)));
        _lab.Pgha.Run("status", "--drift").Succeeded("status --drift");
    }

    [LabFact]
    public void The_preflight_names_what_is_wrong_on_one_host_and_goes_on_with_the_others()
    {
        const string Filter = "/etc/ufw/ufw.conf";
        try
        {
            _lab.Pgha.OnHost("standby", $"mkdir -p /etc/ufw; echo ENABLED=yes >{Filter}").Succeeded("ufw.conf");
            var answer = _lab.Pgha.Run("preflight", "--json");
            Assert.Equal(1, answer.Code);
            var hosts = JsonDocument.Parse(answer.Output).RootElement.GetProperty("hosts").EnumerateArray()
                .ToDictionary(static host => host.GetProperty("name").GetString()!);
            Assert.Equal(
                ["mdw", "standby1"],
                hosts.Where(static host => host.Value.GetProperty("fit").GetBoolean()).Select(static host => host.Key).Order());
            Assert.Contains(
                "ufw", Assert.Single(hosts["standby"].GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);
        }
        finally
        {
            _lab.Pgha.OnHost("standby", $"rm -f {Filter}").Succeeded("rm");
        }
    }

    [LabFact]
    public void A_second_up_changes_nothing_dials_nobody_and_is_quick()
    {
        // Each question is itself one login, which it sees.
        var before = Logins();
        var units = Units.Snapshot(_lab.Pgha);
        var betweenQuestions = Logins();
        var answer = _lab.Pgha.Run("up").Succeeded("up");
        var after = Logins();

        Assert.All(LabFixture.Hosts.Keys, host => Assert.Equal(before[host] + 2, betweenQuestions[host]));
        Assert.All(LabFixture.Hosts.Keys, host => Assert.Equal(betweenQuestions[host] + 1, after[host]));
        Assert.True(answer.Duration < TimeSpan.FromSeconds(3), $"took {answer.Duration.TotalSeconds:0.0} s");
        Assert.Empty(Units.Restarted(units, Units.Snapshot(_lab.Pgha)));
    }

    [LabFact]
    public void Lab_up_again_is_harmless()
    {
        var units = Units.Snapshot(_lab.Pgha);
        _lab.Pgha.Run("lab", "up").Succeeded("lab up");
        Assert.Empty(Units.Restarted(units, Units.Snapshot(_lab.Pgha)));
    }

    [LabFact]
    public void A_deleted_file_is_found_as_drift_and_reapply_brings_it_back()
    {
        _lab.Pgha.OnHost("standby", "rm /etc/keepalived/keepalived.conf").Succeeded("rm");
        var found = _lab.Pgha.Run("status", "--drift");
        Assert.NotEqual(0, found.Code);
        Assert.Contains("/etc/keepalived/keepalived.conf", found.Output, StringComparison.Ordinal);
        Assert.Contains("standby", found.Output, StringComparison.Ordinal);
        Assert.Contains("reapply", found.Output, StringComparison.Ordinal);

        var units = Units.Snapshot(_lab.Pgha);
        _lab.Stack.RaiseReapply();
        _lab.Pgha.Run("up").Succeeded("up");
        _lab.Pgha.Run("status", "--drift").Succeeded("status --drift");
        // Everything was written and checked once more, and nothing but the mended one needed a touch.
        Assert.DoesNotContain(
            Units.Restarted(units, Units.Snapshot(_lab.Pgha)), static unit => !unit.StartsWith("keepalived", StringComparison.Ordinal));
    }

    [LabFact]
    public void Run_a_second_time_every_script_says_unchanged()
    {
        _lab.Stack.RaiseReapply();
        var answer = _lab.Pgha.Run("up").Succeeded("up");
        var lines = Said().Matches(answer.Output).Select(static match => match.Value.Trim()).ToList();
        Assert.True(lines.Count > 30, $"only {lines.Count} scripts said anything:\n{answer.Output}");
        Assert.DoesNotContain(
            lines,
            static line => line.Contains("changed: ", StringComparison.Ordinal) && !line.Contains("unchanged: ", StringComparison.Ordinal));
    }

    [LabFact]
    public void Destroy_stops_the_services_and_leaves_the_data_which_up_takes_up_again()
    {
        var before = _lab.Secrets["applicationPassword"];
        _lab.Database.Execute(Database.Write, "drop table if exists kept");
        _lab.Database.Execute(Database.Write, "create table kept as select 'before destroy' as was");
        _lab.Pgha.Run("destroy", "--yes").Succeeded("destroy");
        foreach (var host in LabFixture.Hosts.Keys)
        {
            var active = _lab.Pgha.OnHost(
                host, "systemctl is-active etcd patroni pgbouncer haproxy keepalived | grep -cx active; true").Output.Trim();
            Assert.Equal("0", active);
            _lab.Pgha.OnHost(host, "test -f /opt/pgdata17/PG_VERSION && ! test -e /etc/haproxy/users.cfg && ! pgrep -x postgres")
                .Succeeded($"data on {host}");
        }

        Assert.NotEqual(0, _lab.Pgha.Run("status").Code);

        // The passwords went with the state: these are new ones, for the old data.
        _lab.Pgha.Run(TimeSpan.FromMinutes(10), null, secret: false, "up").Succeeded("up");
        _lab.ForgetSecrets();
        _lab.WaitUntilHealthy(Settled);
        Assert.NotEqual(before, _lab.Secrets["applicationPassword"]);
        Assert.Equal("before destroy", _lab.Database.Ask<string>(Database.Write, "select was from kept"));
        Assert.Equal("before destroy", _lab.Database.Ask<string>(Database.PooledRead, "select was from kept"));
    }

    private Dictionary<string, int> Logins() => LabFixture.Hosts.Keys.ToDictionary(static host => host, host => int.Parse(
        _lab.Pgha.OnHost(host, "journalctl -b --no-pager -o cat -g '^Accepted ' | grep -c Accepted").Output.Trim(),
        CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\b(un)?changed: .*")]
    private static partial Regex Said();
}
