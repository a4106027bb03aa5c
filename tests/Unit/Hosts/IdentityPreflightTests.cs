using PostgresHa.Components;
using PostgresHa.Components.Hosts;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// A host that was set up knows whose it is: another name, another stack, another member is refused before anything is touched.
/// </summary>
public sealed class IdentityPreflightTests
{
    private const string Stack = "postgres-ha/production";

    // What the program of before it was kept has written.
    private const string PatroniFile = """
        scope: orders
        namespace: /db
        name: "db1"

        restapi:
          listen: 10.0.12.9:8008
          connect_address: 10.0.12.9:8008

        etcd3:
          hosts:
            - 10.0.12.9:2379
            - 10.0.12.4:2379

        postgresql:
          listen: 10.0.12.9,127.0.0.1:5432
          connect_address: 10.0.12.9:5432
          data_dir: /opt/pgdata17
          bin_dir: /opt/pgsql/bin

        """;

    private const string EtcdFile = """
        name: "db1"
        data-dir: /var/lib/etcd
        listen-peer-urls: "http://10.0.12.9:2380"
        initial-cluster: db1=http://10.0.12.9:2380,db2=http://10.0.12.4:2380,db3=http://10.0.16.11:2380

        """;

    private static readonly ClusterSpecification Cluster = Yaml.Valid(Yaml.With());

    [HostTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_same_is_fit(bool kept)
    {
        using var host = SetUp(kept);

        Assert.Equal("", Ask(host, Stack, Cluster).Error);
    }

    [HostTheory]
    [InlineData("name", "\"lab2\"", true)]
    [InlineData("name", "\"lab2\"", false)]
    [InlineData("patroni.namespace", "\"/service\"", true)]
    [InlineData("patroni.namespace", "\"/service\"", false)]
    [InlineData("postgres.dataDirectory", "\"/srv/pg17\"", true)]
    [InlineData("postgres.dataDirectory", "\"/srv/pg17\"", false)]
    [InlineData("postgres.prefix", "\"/srv/pgsql\"", true)]
    [InlineData("postgres.prefix", "\"/srv/pgsql\"", false)]
    [InlineData("etcd.dataDirectory", "\"/srv/etcd\"", true)]
    [InlineData("etcd.dataDirectory", "\"/srv/etcd\"", false)]
    [InlineData("ports.postgres", "15432", true)]
    [InlineData("ports.postgres", "15432", false)]
    [InlineData("ports.patroniApi", "18008", true)]
    [InlineData("ports.patroniApi", "18008", false)]
    [InlineData("ports.etcdClient", "12379", true)]
    [InlineData("ports.etcdClient", "12379", false)]
    [InlineData("ports.etcdPeer", "12380", true)]
    [InlineData("ports.etcdPeer", "12380", false)]
    public void A_value_that_its_data_are_known_by_is_refused(string key, string value, bool kept)
    {
        using var host = SetUp(kept);

        Preflight.Names(Ask(host, Stack, Yaml.Valid(Yaml.With(key, value))), $"{key}", "put it back");
    }

    [HostFact]
    public void A_value_that_an_older_record_does_not_have_is_seen_in_the_files()
    {
        using var host = SetUp(kept: true);
        host.Run("sed -i '/^ports/d' /var/lib/postgres-ha/identity");

        Assert.Equal("", Ask(host, Stack, Cluster).Error);
        Preflight.Names(Ask(host, Stack, Yaml.Valid(Yaml.With("ports.patroniApi", "18008"))), "ports.patroniApi is 8008", "put it back");
        Preflight.Names(Ask(host, Stack, Yaml.Valid(Yaml.With("ports.etcdClient", "12379"))), "ports.etcdClient is 2379", "put it back");
        Preflight.Names(Ask(host, Stack, Yaml.Valid(Yaml.With("ports.postgres", "15432"))), "ports.postgres is 5432", "put it back");
    }

    [HostTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_name_and_another_address_are_refused(bool kept)
    {
        using var host = SetUp(kept);

        Preflight.Names(
            Ask(host, Stack, Yaml.Valid(Yaml.With("hosts[0].name", "other"))), "is the member db1 of its cluster", "put db1 back");
        Preflight.Names(
            Ask(host, Stack, Yaml.Valid(Yaml.With("hosts[0].address", "10.0.12.19"))), "by its address 10.0.12.9", "put it back");
    }

    [HostFact]
    public void A_host_of_another_stack_is_refused()
    {
        using var host = SetUp(kept: true);

        Preflight.Names(Ask(host, "postgres-ha/copy", Cluster), $"belongs to the stack {Stack}", "give this one other hosts");
    }

    [HostTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void More_than_a_minority_of_new_members_is_refused_with_the_order(bool kept)
    {
        using var host = SetUp(kept);
        var cluster = Yaml.Valid(Yaml.With(
            ("hosts[1].name", "db8"), ("hosts[1].address", "10.0.12.18"), ("hosts[2].name", "db9"), ("hosts[2].address", "10.0.12.19")));

        Preflight.Names(
            Ask(host, Stack, cluster), "has etcd with the members db1, db2, db3, of which the stack leaves only db1", "at a time");
    }

    [HostFact]
    public void Without_data_it_is_anybody_s()
    {
        using var host = SetUp(kept: true);
        host.Run("rm -rf /opt/pgdata17 /var/lib/etcd");

        Assert.Equal("", Ask(host, "postgres-ha/other", Yaml.Valid(Yaml.With("name", "other"))).Error);
    }

    [HostFact]
    public void Who_leads_is_not_taken_away_unasked()
    {
        using var host = SetUp(kept: true);
        var cluster = Yaml.Valid(Yaml.With(("hosts[2].name", "db9"), ("hosts[2].address", "10.0.12.19")));

        host.Stub("curl", View("db3", "db1 db2"));
        Preflight.Names(Ask(host, Stack, cluster), "takes away the host db3, which leads", "patronictl switchover --leader db3");

        var asked = cluster with { Patroni = cluster.Patroni with { LeaderRemoval = LeaderRemoval.Switchover } };
        Assert.Equal("", Ask(host, Stack, asked).Error);
    }

    [HostFact]
    public void The_last_replica_is_not_taken_away()
    {
        using var host = SetUp(kept: true);
        var cluster = Yaml.Valid(Yaml.With(("hosts[2].name", "db9"), ("hosts[2].address", "10.0.12.19")));

        host.Stub("curl", View("db1", "db3"));
        Preflight.Names(Ask(host, Stack, cluster), "takes away db3, and no other replica follows", "mend one first");

        host.Stub("curl", View("db1", "db2 db3"));
        Assert.Equal("", Ask(host, Stack, cluster).Error);
    }

    [HostFact]
    public void A_port_that_somebody_else_has_taken_is_named()
    {
        using var host = SetUp(kept: true);
        host.Stub("ss", "case $* in *65001*) echo 'LISTEN 0 5 10.0.12.9:65001 0.0.0.0:* users:((\"other\",pid=1,fd=3))' ;; esac");

        Preflight.Names(Ask(host, Stack, Cluster), "TCP port 65001 is taken by ", "stop it or change ports in the stack");
    }

    [HostFact]
    public void Clients_without_TLS_are_not_shut_out_from_one_moment_to_the_next()
    {
        const string Off = "    - host all all 127.0.0.1/32 scram-sha-256\n";
        const string Required = "    - hostssl all all 127.0.0.1/32 scram-sha-256\n";
        const string On = "        ssl: 'on'\n";
        using var host = SetUp(kept: true);

        Preflight.Names(With(Off, "required"), "which comes without it would be refused at once", "set tls.clients: optional and apply");
        Assert.Equal("", With(Off, "optional").Error);
        Assert.Equal("", With(Off, "off").Error);
        Assert.All(["required", "optional", "off"], clients => Assert.Equal("", With(On + Off, clients).Error));
        Preflight.Names(With(On + Required, "off"), "takes clients with TLS only", "optional and apply, then off");
        Assert.Equal("", With(On + Required, "optional").Error);
        // One that has no data yet takes on what the stack says.
        host.Run("rm -rf /opt/pgdata17 /var/lib/etcd");
        Assert.Equal("", With(Off, "required").Error);

        ThrowAwayHost.Ended With(string lines, string clients)
        {
            host.Write("/etc/patroni/patroni.yml", PatroniFile + lines);
            return Ask(host, Stack, Cluster, "--tls " + clients);
        }
    }

    // Of what the host has a certificate, whom it trusts, and what the stack says.
    [HostTheory]
    [InlineData(1, "1", "[1]", true)]
    [InlineData(1, "1", "[1, 2]", true)]
    [InlineData(1, "1 2", "[2, 1]", true)]
    [InlineData(2, "1 2", "[2]", true)]
    [InlineData(1, "1 2", "[1]", true)]
    [InlineData(1, "1 0", "[own, 1]", true)]
    [InlineData(0, "1 0", "[own]", true)]
    [InlineData(1, "1", "[own]", false)]
    [InlineData(0, "0", "[1]", false)]
    [InlineData(1, "1", "[2, 1]", false)]
    [InlineData(1, "1", "[2]", false)]
    [InlineData(1, "1 2", "[2]", false)]
    [InlineData(2, "2", "[1]", false)]
    public void Another_authority_takes_over_step_by_step(int signer, string trusted, string wanted, bool fits)
    {
        // One that the user brings has another name; whose key it is does not matter here.
        static CertificateAuthority Authority(int number) =>
            number == 0 ? new("Example", "seed") : new(Cluster.Name, $"seed {number}", number);
        using var host = SetUp(kept: true);
        host.Write(
            CertificateFiles.AuthorityPath, string.Concat(trusted.Split(' ').Select(static one => Authority(one[0] - '0').Certificate)))
            .Write(
                CertificateFiles.CertificatePath,
                Authority(signer).Sign(SampleRequest.Request, ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow));

        var asked = Ask(host, Stack, Yaml.Valid(Yaml.With("tls", $"{{ authorities: {wanted} }}")));

        if (fits)
        {
            Assert.Equal("", asked.Error);
        }
        else
        {
            Preflight.Names(asked, "in one step the hosts would not know each other", "Put the next one second ([1, 2]) and apply");
        }
    }

    private static ThrowAwayHost SetUp(bool kept)
    {
        var host = Preflight.Bare("ID=debian\nVERSION_ID=13\nPRETTY_NAME=Test\n").Stub("curl", "exit 7")
            .Write("/var/lib/postgres-ha/manifest", "")
            .Write("/etc/patroni/patroni.yml", PatroniFile)
            .Write("/etc/etcd/etcd.conf.yml", EtcdFile)
            .Write("/opt/pgdata17/PG_VERSION", "17\n")
            .Write("/var/lib/etcd/member/wal/0.wal", "");
        return kept ? host.Write("/var/lib/postgres-ha/identity", ClusterIdentity.Lines(Stack, Cluster, Cluster.Hosts[0])) : host;
    }

    private static string View(string leader, string replicas) => "echo '{\"members\": ["
        + string.Join(", ", replicas.Split(' ').Select(static name => Member(name, "replica", "streaming"))
            .Prepend(Member(leader, "leader", "running")))
        + "], \"scope\": \"orders\"}'";

    private static string Member(string name, string role, string state) =>
        $$"""{"name": "{{name}}", "role": "{{role}}", "state": "{{state}}", "api_url": "http://h:8008/patroni", "host": "h"}""";

    private static ThrowAwayHost.Ended Ask(ThrowAwayHost host, string stack, ClusterSpecification cluster, string more = "") =>
        Preflight.Ask(
        host,
        $"--identity '{ClusterIdentity.Lines(stack, cluster, cluster.Hosts[0])}' "
        + $"--members '{string.Join(' ', cluster.Hosts.Select(static one => $"{one.Name}={one.Address}"))}' "
        + $"--authorities '{HostPreflight.Authorities(cluster)}' "
        + $"--leader-removal {(cluster.Patroni.LeaderRemoval == LeaderRemoval.Switchover ? "switchover" : "refuse")} {more}");
}
