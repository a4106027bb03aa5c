using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>Passwords that are made anew while clients write.</summary>
public sealed partial class ClusterTests
{
    [LabFact]
    public void Passwords_are_made_anew_without_an_outage_and_the_former_ones_open_nothing()
    {
        var former = _lab.Secrets;
        var leader = _lab.Leader();
        try
        {
            using var client = new SteadyClient(_lab.Database);
            _lab.Stack.Set("passwords", "rotate: 1");
            _lab.Pgha.Run("up").Succeeded("passwords.rotate: 1");
            client.Continue(writes: 50);
            Assert.Equal(0, client.Stop());
            Console.WriteLine(
                $"passwords: lost {client.LostConnections} connections, longest gap {client.LongestGap.TotalSeconds:0.00} s");
            Assert.True(client.LongestGap < TimeSpan.FromSeconds(1), $"no write for {client.LongestGap.TotalSeconds:0.00} s");
            Assert.Equal(leader, _lab.Leader());
            _lab.WaitUntilHealthy(Settled);
            Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up once more").Output);
            _lab.ForgetSecrets();
            foreach (var name in former.Keys.Where(static name => name.EndsWith("Password", StringComparison.Ordinal)))
            {
                Assert.Equal(name == "applicationPassword", former[name] == _lab.Secrets[name]);
            }

            var address = LabFixture.Hosts[leader];
            Assert.Equal(["401", "202"], new[] { former, _lab.Secrets }.Select(secrets => _lab.Pgha.OnHost(
                Replica(),
                $"curl --silent --noproxy '*' --cacert {Authority} -o /dev/null -w '%{{http_code}}' --config - -X POST -d '{{}}' "
                + $"https://{address}:8008/reload",
                $"user = \"patroni:{secrets["patroniApiPassword"]}\"\n").Output.Trim()));
            var users = _lab.Pgha.OnHost(
                "mdw", "/usr/local/lib/postgres-ha/with-environment /etc/etcd/root.env /usr/local/bin/etcdctl user list").Output;
            Assert.Equal(["patroni-odd", "root"], users.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        }
        finally
        {
            // Made anew once more.
            _lab.Stack.Reset();
            _lab.Pgha.Run("up");
            _lab.ForgetSecrets();
        }

        _lab.WaitUntilHealthy(Settled);
    }
}
