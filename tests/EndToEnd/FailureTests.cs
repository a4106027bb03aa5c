using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>Reboots, and an <c>up</c> that is killed.</summary>
public sealed partial class ClusterTests
{
    [LabFact]
    public void After_a_reboot_of_each_host_in_turn_everything_comes_back_by_itself()
    {
        foreach (var host in LabFixture.Hosts.Keys)
        {
            var boot = Boot(host);
            _lab.Pgha.OnHost(host, "systemctl reboot");
            var deadline = DateTime.UtcNow.AddMinutes(2);
            string now;
            while ((now = Boot(host)) == boot || now.Length == 0)
            {
                Assert.True(DateTime.UtcNow < deadline, $"{host} did not come back within 2 min");
                Thread.Sleep(1000);
            }

            var took = _lab.WaitUntilHealthy(TimeSpan.FromMinutes(3));
            Console.WriteLine($"{host} rebooted; healthy {took.TotalSeconds:0} s after it answered");
            Assert.False(_lab.Database.Ask<bool>(Database.Write, "select pg_is_in_recovery()"));
        }

        _lab.Pgha.Run("status", "--drift").Succeeded("status --drift");

        // A host's file of the same boot: containers share the kernel's boot id.
        string Boot(string name) => _lab.Pgha.OnHost(name, "systemctl show -p UserspaceTimestampMonotonic --value").Output.Trim();
    }

    [LabFact]
    public void An_up_that_is_killed_at_any_moment_is_made_good_by_the_next()
    {
        foreach (var (moment, limit) in ((int, string)[])[(700, "501"), (1600, "502"), (3000, "503"), (5000, "504")])
        {
            _lab.Stack.Reset();
            // Something of every service: files, reloads, restarts.
            _lab.Stack.Set("haproxy", $"maxConnections: {limit}0");
            _lab.Stack.Set("pgbouncer", $"maxClientConnections: {limit}");
            _lab.Stack.Set("etcd", $"snapshotCount: {limit}00");
            _lab.Stack.Set("postgres", $"parameters: {{ work_mem: {limit}kB }}");
            using (var process = _lab.Pgha.Start(["up"]))
            {
                Thread.Sleep(moment);
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            _lab.Pgha.Run("up").Succeeded($"up after a kill at {moment} ms");
            _lab.WaitUntilHealthy(Settled);
            _lab.Pgha.Run("status", "--drift").Succeeded("status --drift");
            Assert.Equal(limit + "kB", _lab.Database.Ask<string>(Database.Write, "show work_mem"));
            var halfWritten = string
                .Concat(LabFixture.Hosts.Keys.Select(host => _lab.Pgha.OnHost(host, "find /etc /opt -xdev -name '.*.pgha-*'").Output));
            Assert.True(halfWritten.Length == 0, $"left behind:\n{halfWritten}");
        }
    }
}
