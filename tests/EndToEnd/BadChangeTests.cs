using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>Changes that must not be, under writes: how far they get, and that the old stack file leads back.</summary>
public sealed partial class ClusterTests
{
    // The trial cannot know: it needs as many huge pages as the real server, and the lab's hosts have none.
    private const string Bad = "parameters: { huge_pages: \"on\" }";

    [LabFact]
    public void A_parameter_that_PostgreSQL_refuses_is_refused_before_anything_changes()
    {
        _lab.Stack.Set("postgres", "parameters: { timezone: Europe/Berln }");
        var refused = _lab.Pgha.Run("up");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("refuses timezone = Europe/Berln", refused.All, StringComparison.Ordinal);
        Assert.DoesNotContain("patroni.service reloaded", refused.All, StringComparison.Ordinal);
        Assert.True(_lab.Status().Healthy);

        _lab.Stack.Reset();
        _lab.Pgha.Run("up").Succeeded("up with the old stack file");
        Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up once more").Output);
    }

    [LabFact]
    public void A_parameter_with_which_PostgreSQL_does_not_start_goes_to_one_replica_and_no_further()
    {
        using var client = new SteadyClient(_lab.Database);
        foreach (var attempt in new[] { "the first time", "once more" })
        {
            _lab.Stack.Reset();
            _lab.Stack.Set("postgres", Bad);
            var failed = _lab.Pgha.Run("up");
            Assert.True(failed.Code != 0, attempt);
            Assert.Contains("does not start with huge_pages = on", failed.All, StringComparison.Ordinal);
            Assert.Contains("FATAL: could not map anonymous shared memory", failed.All, StringComparison.Ordinal);
            Assert.Contains("Put back: huge_pages = try; the cluster is healthy", failed.All, StringComparison.Ordinal);
            Assert.Contains("postgres.parameters.huge_pages", failed.All, StringComparison.Ordinal);
            _lab.WaitUntilHealthy(Settled);
            Assert.Equal("try", _lab.Database.Ask<string>(Database.Write, "show huge_pages"));
        }

        Undo();
        client.Continue(writes: 50);
        Assert.Equal(0, client.Stop());
        // No leader was restarted for it.
        Assert.Equal(0, client.LostConnections);
    }

    [LabFact]
    public void An_up_that_is_killed_in_the_middle_of_it_is_made_good_by_the_old_stack_file()
    {
        var leader = _lab.Leader();
        var replica = LabFixture.Hosts.Keys.First(host => host != leader);
        using var client = new SteadyClient(_lab.Database);
        _lab.Stack.Set("postgres", Bad);
        using (var process = _lab.Pgha.Start(["up"]))
        {
            // When that replica's PostgreSQL is down: the worst moment. Held on the host, since it lasts no longer than a question takes.
            _lab.Pgha.OnHost(
                replica,
                $"timeout 110 sh -c 'until curl -s --cacert {Authority} https://{LabFixture.Hosts[replica]}:8008/patroni "
                + "| grep -q failed; do sleep 0.05; done' && pkill -STOP -f '/[p]atroni-renew'")
                .Succeeded($"PostgreSQL on {replica} seen down, and its tool held");
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            _lab.Pgha.OnHost(replica, "pkill -9 -f '/[p]atroni-renew'");
        }

        Undo();
        Assert.Equal(0, client.Stop());
        Assert.Equal(leader, _lab.Leader());
    }

    [LabFact]
    public void A_value_set_by_hand_with_which_a_member_does_not_start_is_mended_by_up()
    {
        var leader = _lab.Leader();
        var replica = LabFixture.Hosts.Keys.First(host => host != leader);
        const string Control = "/usr/local/bin/patronictl";
        _lab.Pgha.OnHost(leader, $"{Control} edit-config --quiet --force -p shared_preload_libraries=nonexistent").Succeeded("edit-config");
        _lab.Pgha.OnHost(
            replica,
            $"until curl -s --cacert {Authority} https://{LabFixture.Hosts[replica]}:8008/patroni | grep -q pending_restart; "
            + $"do sleep 0.2; done; {Control} restart --force lab {replica}");
        Assert.False(_lab.Status().Healthy);

        _lab.Stack.RaiseReapply();
        Undo();
    }

    private void Undo()
    {
        _lab.Stack.Reset();
        _lab.Pgha.Run("up").Succeeded("up with the old stack file");
        _lab.WaitUntilHealthy(Settled);
        Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up once more").Output);
        _lab.Pgha.Run("status", "--drift").Succeeded("status --drift");
    }
}
