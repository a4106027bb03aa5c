using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>What a cluster is known by, changed under writes by the command that is there for it.</summary>
public sealed partial class ClusterTests
{
    [LabFact]
    public void Data_directories_and_a_name_change_member_by_member_and_back()
    {
        using var client = new SteadyClient(_lab.Database);
        using var quorum = new QuorumSampler([.. LabFixture.Hosts.Values]);
        _lab.Stack.Set("postgres", "dataDirectory: /srv/pg/data");
        _lab.Stack.Set("etcd", "dataDirectory: /srv/etcd");
        _lab.Stack.Rename("standby1", "db3");
        var refused = _lab.Pgha.Run("up");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("have it moved, member by member: ./pgha migrate", refused.All, StringComparison.Ordinal);

        Migrate();
        Assert.All(
            LabFixture.Hosts.Keys,
            host => _lab.Pgha.OnHost(host, "test -e /srv/pg/data/PG_VERSION -a -d /srv/etcd/member -a ! -e /opt/pgdata17")
                .Succeeded($"both directories of {host} moved"));
        Assert.Contains("\"db3\"", _lab.Status().Status.GetProperty("hosts").GetRawText(), StringComparison.Ordinal);

        _lab.Stack.Reset();
        Assert.Contains("./pgha migrate", _lab.Pgha.Run("up").All, StringComparison.Ordinal);
        Migrate();
        Assert.All(
            LabFixture.Hosts.Keys,
            host => _lab.Pgha.OnHost(host, "test -e /opt/pgdata17/PG_VERSION -a -d /var/lib/etcd/member -a ! -e /srv/pg/data")
                .Succeeded($"both directories of {host} moved back"));

        client.Continue(writes: 50);
        quorum.Stop();
        Assert.Equal(0, client.Stop());
        Console.WriteLine(
            $"migrate, there and back: lost {client.LostConnections}, longest gap {client.LongestGap.TotalSeconds:0.0} s, fewest etcd "
            + $"members {quorum.Fewest}");
        // A switchover each time; and the virtual IP moves where the host is renamed that holds it.
        Assert.True(client.LostConnections <= 4, string.Join("; ", client.Failures));
        Assert.True(client.LongestGap < TimeSpan.FromSeconds(10), $"no write for {client.LongestGap.TotalSeconds:0.0} s");
        Assert.True(quorum.Fewest >= 2, $"only {quorum.Fewest} etcd member(s) took connections at one moment of {quorum.Samples}");

        void Migrate()
        {
            _lab.Pgha.Run("migrate").Succeeded("migrate");
            _lab.WaitUntilHealthy(Settled);
            Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up once more").Output);
            _lab.Pgha.Run("status", "--drift").Succeeded("status --drift");
        }
    }

    [LabFact]
    public void A_migration_that_is_cut_off_is_led_back_by_the_old_stack_file()
    {
        using var client = new SteadyClient(_lab.Database);
        var replica = LabFixture.Hosts.Keys.First(host => host != _lab.Leader());
        _lab.Stack.Set("postgres", "dataDirectory: /srv/pg/data");
        _lab.Stack.Set("etcd", "dataDirectory: /srv/etcd");
        using (var process = _lab.Pgha.Start(["migrate"]))
        {
            // When its PostgreSQL is down, and its etcd's data are in the new place already.
            _lab.Pgha.OnHost(
                replica,
                "timeout 110 sh -c 'while systemctl is-active --quiet patroni; do sleep 0.05; done' && pkill -STOP -f '[p]ython3 - --self'")
                .Succeeded($"Patroni on {replica} seen down, and its tool held");
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            _lab.Pgha.OnHost(replica, "pkill -9 -f '[p]ython3 - --self'");
        }

        _lab.Stack.Reset();
        var refused = _lab.Pgha.Run("up");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("lead it back with the former values in the stack file: ./pgha migrate", refused.All, StringComparison.Ordinal);
        _lab.Pgha.Run("migrate").Succeeded("migrate with the old stack file");
        _lab.WaitUntilHealthy(Settled);
        Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up once more").Output);
        Assert.All(
            LabFixture.Hosts.Keys,
            host => _lab.Pgha.OnHost(host, "test -e /opt/pgdata17/PG_VERSION -a -d /var/lib/etcd/member -a ! -e /srv/etcd")
                .Succeeded($"both directories of {host} are where they were"));
        Assert.Equal(0, client.Stop());
    }
}
