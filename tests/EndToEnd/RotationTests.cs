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

    [LabFact]
    public void Another_authority_takes_over_in_steps_while_clients_verify_whom_they_talk_to()
    {
        var first = Authorities();
        var leader = _lab.Leader();
        try
        {
            // In one step the hosts would not know each other until all have changed.
            _lab.Stack.Set("tls", "authorities: [2]");
            var refused = _lab.Pgha.Run("up");
            Assert.NotEqual(0, refused.Code);
            Assert.Contains(
                "tls.authorities names 'lab certificate authority 2', the first to sign", refused.All, StringComparison.Ordinal);

            using var client = new SteadyClient(_lab.Database);
            Apply("[1, 2]");
            var both = Authorities();
            Assert.Contains(first, both, StringComparison.Ordinal);
            Assert.Equal(["1", "1"], new[] { first, both }.Select(Verified));

            Apply("[2, 1]");
            Assert.Equal(both, Authorities());
            Assert.Equal("1", Verified(both));
            Assert.Equal("1", Verified(both.Replace(first, "", StringComparison.Ordinal)));
            Assert.Contains("certificate verify failed", Verified(first), StringComparison.Ordinal);

            // Back, and the one that signs no more is trusted no more.
            Apply("[1, 2]");
            Apply("[1]");
            Assert.Equal(first, Authorities());
            Assert.Equal("1", Verified(first));
            client.Continue(writes: 50);
            Assert.Equal(0, client.Stop());
            Console.WriteLine(
                $"authorities: lost {client.LostConnections} connections, longest gap {client.LongestGap.TotalSeconds:0.00} s");
            Assert.True(client.LongestGap < TimeSpan.FromSeconds(1), $"no write for {client.LongestGap.TotalSeconds:0.00} s");
            Assert.Equal(leader, _lab.Leader());
        }
        catch
        {
            // From wherever it is.
            foreach (var authorities in new[] { "[1, 2]", "[1]" })
            {
                _lab.Stack.Reset();
                _lab.Stack.Set("tls", "authorities: " + authorities);
                _lab.Pgha.Run("up");
            }

            throw;
        }
        finally
        {
            _lab.Stack.Reset();
        }

        _lab.WaitUntilHealthy(Settled);
        Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up with the stack file as it was").Output);

        string Authorities() => _lab.Pgha.Run("outputs", "authority").Succeeded("outputs authority").Output.Trim() + "\n";

        void Apply(string authorities)
        {
            _lab.Stack.Reset();
            _lab.Stack.Set("tls", "authorities: " + authorities);
            _lab.Pgha.Run("up").Succeeded("tls.authorities: " + authorities);
        }

        // A client through the virtual IP that believes nobody but these.
        string Verified(string authorities)
        {
            var password = _lab.Secrets["applicationPassword"];
            return _lab.Pgha.OnHost(
                Replica(),
                "read -r PGPASSWORD; export PGPASSWORD; cat >/root/client.crt; "
                + $"PGSSLMODE=verify-full PGSSLROOTCERT=/root/client.crt /opt/pgsql/bin/psql -h {LabFixture.Vip} -p {Database.Write} "
                + "-U app -d app -Atc 'select 1'; rm /root/client.crt",
                $"{password}\n{authorities}").All.Trim();
        }
    }
}
