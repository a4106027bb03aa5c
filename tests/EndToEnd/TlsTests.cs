using System.Text;
using Npgsql;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>TLS: that nobody comes without, and that a cluster without gets it while its clients go on.</summary>
public sealed partial class ClusterTests
{
    private static readonly int[] Ports = [Database.Write, Database.Read, Database.PooledWrite, Database.PooledRead];

    [LabFact]
    public void Clients_come_with_TLS_only_and_know_whom_they_talk_to()
    {
        string[] modes = ["PGSSLMODE=verify-full PGSSLROOTCERT=/etc/postgres-ha/tls/ca.crt", "PGSSLMODE=disable"];
        foreach (var port in Ports)
        {
            var answers = modes.Select(mode => _lab.Pgha.OnHost(
                "mdw",
                "read -r PGPASSWORD; export PGPASSWORD; "
                + $"{mode} /opt/pgsql/bin/psql -h {LabFixture.Vip} -p {port} -U app -d app -Atc 'select 1'",
                _lab.Secrets["applicationPassword"] + "\n")).ToList();
            Assert.Equal("1", answers[0].Succeeded($"verify-full on port {port}").Output.Trim());
            Assert.NotEqual(0, answers[1].Code);
            Assert.Matches("no encryption|SSL required", answers[1].All);
        }

        var page = _lab.Pgha.OnHost(
            "mdw",
            $"curl --silent --noproxy '*' --cacert /etc/postgres-ha/tls/ca.crt --config - https://{LabFixture.Vip}:7000/",
            $"user = \"admin:{_lab.Secrets["statisticsPassword"]}\"\n").Succeeded("the statistics page").Output;
        Assert.Contains("Statistics Report", page, StringComparison.Ordinal);
        Assert.NotEqual(0, _lab.Pgha.OnHost("mdw", $"curl --silent --noproxy '*' http://{LabFixture.Vip}:7000/").Code);

        // The replicas too, and PgBouncer on the host itself.
        Assert.Equal("2|t", TlsOfReplicas());
        Assert.Equal(
            "t",
            Superuser(
                _lab.Leader(),
                "select bool_and(ssl) from pg_stat_activity join pg_stat_ssl using (pid) where client_addr is not null;").Trim());
    }

    [LabFact]
    public void A_cluster_from_before_gets_TLS_by_up_and_its_clients_go_on_until_the_stack_file_says_otherwise()
    {
        try
        {
            GetsTls();
        }
        catch
        {
            // The other tests want what a new cluster does; from off it is reached in two steps.
            foreach (var clients in new[] { "optional", "required" })
            {
                _lab.Stack.Reset();
                _lab.Stack.Set("tls", "clients: " + clients);
                _lab.Pgha.Run("up");
            }

            _lab.Stack.Reset();
            throw;
        }
    }

    [LabFact]
    public void Etcd_and_Patronis_API_change_to_TLS_and_back_while_they_serve_and_their_passwords_are_not_read_on_the_way()
    {
        var password = _lab.Secrets["etcdRootPassword"];
        var api = Convert.ToBase64String(Encoding.UTF8.GetBytes($"patroni:{_lab.Secrets["patroniApiPassword"]}"));
        try
        {
            using var client = new SteadyClient(_lab.Database);
            using var members = new QuorumSampler([.. LabFixture.Hosts.Values]);
            _lab.Stack.Set("etcd", "tls: false");
            _lab.Stack.Set("patroni", "apiTls: false");
            using (var sniffer = new Sniffer(password))
            {
                _lab.Pgha.Run("up").Succeeded("etcd.tls: false, patroni.apiTls: false");
                Assert.True(sniffer.Stop(), "a password was not seen on a way without TLS");
            }

            Assert.True(ReloadIsRead(), "the password of Patroni's API was not seen on a way without TLS");

            var address = LabFixture.Hosts[_lab.Leader()];
            Assert.Contains("\"true\"", Health($"http://{address}"), StringComparison.Ordinal);
            _lab.Stack.Reset();
            _lab.Pgha.Run("up").Succeeded("etcd.tls and patroni.apiTls as by default");
            client.Continue(writes: 50);
            Assert.Equal(0, client.Stop());
            members.Stop();
            Console.WriteLine(
                $"etcd and Patroni's API without TLS and back: lost {client.LostConnections} connections, longest gap "
                + $"{client.LongestGap.TotalSeconds:0.00} s, fewest members {members.Fewest}");
            Assert.True(client.LongestGap < TimeSpan.FromSeconds(2), $"no write for {client.LongestGap.TotalSeconds:0.0} s");
            Assert.True(members.Fewest >= 2, $"only {members.Fewest} members of etcd took connections");
            Assert.DoesNotContain("\"true\"", Health($"http://{address}"), StringComparison.Ordinal);
            _lab.WaitUntilHealthy(Settled);
            Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up once more").Output);
            // Everything is told once more, the passwords among it.
            _lab.Stack.RaiseReapply();
            using (var sniffer = new Sniffer(password))
            {
                _lab.Pgha.Run("up").Succeeded("up of everything");
                Assert.False(sniffer.Stop(), "a password was read on the way");
            }

            Assert.False(ReloadIsRead(), "the password of Patroni's API was read on the way");
        }
        catch
        {
            _lab.Stack.Reset();
            _lab.Pgha.Run("up");
            throw;
        }

        // What patronictl on one host says to the members on the others.
        bool ReloadIsRead()
        {
            using var sniffer = new Sniffer(api);
            _lab.Pgha.OnHost(Replica(), "/usr/local/bin/patronictl reload --force lab").Succeeded("patronictl reload");
            return sniffer.Stop();
        }

        string Health(string url) =>
            _lab.Pgha.OnHost(Replica(), $"curl --silent --max-time 3 --noproxy '*' {url}:2379/health").Output;
    }

    private void GetsTls()
    {
        foreach (var clients in new[] { "optional", "off" })
        {
            _lab.Stack.Reset();
            _lab.Stack.Set("tls", "clients: " + clients);
            _lab.Pgha.Run("up").Succeeded("tls.clients: " + clients);
        }

        var plain = _lab.Database.With(SslMode.Disable);
        Assert.True(IsReadOnTheWay(plain), "a row was not seen on a way without TLS");
        using var client = new SteadyClient(plain);
        _lab.Stack.Reset();
        _lab.Pgha.Run("up").Succeeded("up that turns TLS on");
        client.Continue(writes: 50);
        Assert.Equal(0, client.Stop());
        Console.WriteLine($"TLS on: lost {client.LostConnections} connections, longest gap {client.LongestGap.TotalSeconds:0.00} s");
        Assert.Equal(0, client.LostConnections);
        Assert.True(client.LongestGap < TimeSpan.FromSeconds(2), $"no write for {client.LongestGap.TotalSeconds:0.0} s");
        _lab.WaitUntilHealthy(Settled);
        Assert.Contains("takes clients without TLS", _lab.Pgha.Run("status").Output, StringComparison.Ordinal);
        Assert.All(Ports, port => Assert.Equal(1, plain.Ask<int>(port, "select 1")));
        Assert.All(Ports, port => Assert.True(
            _lab.Database.With(SslMode.Require).Ask<int>(port, "select 1") == 1, $"TLS on port {port}"));
        Assert.Equal("2|t", TlsOfReplicas());
        Assert.Matches(@"Stack \w+: \d+ unchanged in ", _lab.Pgha.Run("up").Succeeded("up once more").Output);

        _lab.Stack.Set("tls", "clients: required");
        _lab.Pgha.Run("up").Succeeded("up that lets nobody in without");
        Assert.All(Ports, port => Assert.Matches("no encryption|SSL required", Refusal(plain, port)));
        Assert.False(IsReadOnTheWay(_lab.Database.With(SslMode.Require)), "a row was read on the way");
        // From then on it stays so.
        _lab.Stack.Reset();
        _lab.Pgha.Run("up").Succeeded("up with the stack file as it was");
        Assert.Matches("no encryption", Refusal(plain, Database.Write));
    }

    private static string Refusal(Database database, int port) =>
        Assert.Throws<InvalidOperationException>(() => database.Ask<int>(port, "select 1")).Message;

    // Whether somebody on the way reads a row that goes from a client to the leader, and on to the replicas, directly and through
    // PgBouncer.
    private static bool IsReadOnTheWay(Database database)
    {
        var row = $"row {Guid.NewGuid()}";
        database.Execute(Database.Write, "create table read_on_the_way (line text)");
        Arrived(Database.Read, "select to_regclass('read_on_the_way') is not null");
        using var sniffer = new Sniffer(row);
        foreach (var (write, read) in new[] { (Database.Write, Database.Read), (Database.PooledWrite, Database.PooledRead) })
        {
            database.Execute(write, $"insert into read_on_the_way values ('{row}')");
            Arrived(read, $"select exists (select from read_on_the_way where line = '{row}')");
        }

        database.Execute(Database.Write, "drop table read_on_the_way");
        return sniffer.Stop();

        void Arrived(int port, string question) =>
            Assert.True(SpinWait.SpinUntil(() => database.Ask<bool>(port, question), TimeSpan.FromSeconds(10)), question);
    }

    private string TlsOfReplicas() => Superuser(
        _lab.Leader(), "select count(*), bool_and(ssl) from pg_stat_replication join pg_stat_ssl using (pid);").Trim();
}
