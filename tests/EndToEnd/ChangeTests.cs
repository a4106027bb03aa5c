using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>One setting changed: what the preview shows, what <c>up</c> touches, what a client feels.</summary>
public sealed partial class ClusterTests
{
    [LabFact]
    public void A_proxy_timeout_reloads_haproxy_only()
    {
        var change = Change("haproxy", "clientTimeout: 37m", "37m");
        Assert.Empty(change.Restarted);
        Assert.Equal(0, change.LostConnections);
    }

    [LabFact]
    public void A_parameter_that_reloads_restarts_nothing()
    {
        var change = Change("postgres", "parameters: { work_mem: 7MB }", "work_mem");
        Assert.Empty(change.Restarted);
        Assert.Equal(0, change.LostConnections);
        Assert.Equal("7MB", _lab.Database.Ask<string>(Database.Write, "show work_mem"));
        Assert.Equal("7MB", _lab.Database.Ask<string>(Database.Read, "show work_mem"));
    }

    [LabFact]
    public void A_parameter_that_restarts_goes_replica_by_replica_and_switches_over()
    {
        var change = Change("postgres", "parameters: { wal_buffers: 9MB }", "wal_buffers");
        // PostgreSQL restarts below Patroni; no service does.
        Assert.Empty(change.Restarted);
        Assert.Equal("9MB", _lab.Database.Ask<string>(Database.Write, "show wal_buffers"));
        Assert.Equal("9MB", _lab.Database.Ask<string>(Database.Read, "show wal_buffers"));
        Assert.DoesNotContain(
            _lab.Status().Status.GetProperty("hosts").EnumerateArray(),
            static host => host.GetProperty("pendingRestart").GetBoolean());
    }

    [LabFact]
    public void An_etcd_setting_restarts_one_member_after_the_other()
    {
        var change = Change("etcd", "snapshotCount: 20000", "20000");
        Assert.Equal(Units.OnEveryHost("etcd"), change.Restarted);
    }

    private sealed record Effect(IReadOnlyList<string> Restarted, int LostConnections);

    private Effect Change(string section, string line, string shown)
    {
        _lab.Stack.Set(section, line);

        var preview = _lab.Pgha.Run("preview").Succeeded("preview").Output;
        Assert.All(LabFixture.Hosts.Keys, host => Assert.Contains("-" + host, preview, StringComparison.Ordinal));
        var added = preview.Split('\n')
            .Count(text => text.TrimStart(' ', '│').StartsWith('+') && text.Contains(shown, StringComparison.Ordinal));
        Assert.True(added >= LabFixture.Hosts.Count, $"the preview shows “{shown}” {added} times:\n{preview}");

        var units = Units.Snapshot(_lab.Pgha);
        using var client = new SteadyClient(_lab.Database);
        using var quorum = new QuorumSampler([.. LabFixture.Hosts.Values]);
        _lab.Pgha.Run("up").Succeeded("up");
        client.Continue(writes: 50);
        quorum.Stop();
        var missing = client.Stop();
        Console.WriteLine(
            $"{section} {line}: lost {client.LostConnections}, longest gap {client.LongestGap.TotalSeconds:0.0} s, fewest etcd members "
            + $"{quorum.Fewest}");

        Assert.True(
            client.LostConnections <= 1, $"the client lost {client.LostConnections} connections: {string.Join("; ", client.Failures)}");
        Assert.Equal(0, missing);
        Assert.True(quorum.Fewest >= 2, $"only {quorum.Fewest} etcd member(s) took connections at one moment of {quorum.Samples}");
        _lab.WaitUntilHealthy(Settled);
        // The second time there is nothing left to do.
        var again = _lab.Pgha.Run("up").Succeeded("up");
        Assert.Matches(@"Stack \w+: \d+ unchanged in ", again.Output);
        Assert.True(again.Duration < TimeSpan.FromSeconds(3), $"up with nothing to do took {again.Duration.TotalSeconds:0.0} s");
        return new Effect(Units.Restarted(units, Units.Snapshot(_lab.Pgha)), client.LostConnections);
    }
}
