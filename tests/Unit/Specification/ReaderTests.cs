using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Right configurations and what becomes of them.</summary>
public sealed class ReaderTests
{
    [Fact]
    public void Defaults_are_the_documented_ones()
    {
        var cluster = Yaml.Valid(Yaml.With());

        Assert.Equal("orders", cluster.Name);
        Assert.Equal(0, cluster.Reapply);
        Assert.Equal(("root", 22, true), (cluster.Ssh.User, cluster.Ssh.Port, cluster.Ssh.Agent));
        Assert.Null(cluster.Ssh.Bastion);
        Assert.All(cluster.Hosts, host =>
        {
            Assert.Equal(("eth0", SystemFamily.Debian, 2, 4L << 30), (host.Interface, host.System, host.Cores, host.Memory));
            Assert.Equal((true, true, 100), (host.Etcd, host.Vrrp, host.Priority));
            Assert.Equal(TemporaryProject.HostKey, host.HostKey);
        });
        Assert.Equal(
            (51, 0.3, 1.0, 1, 2),
            (
                cluster.Vip.RouterId,
                cluster.Vip.AdvertisementInterval.TotalSeconds,
                cluster.Vip.CheckInterval.TotalSeconds,
                cluster.Vip.CheckFall,
                cluster.Vip.CheckRise));

        var ports = cluster.Ports;
        Assert.Equal(
            [5432, 6432, 8008, 2379, 2380, 5000, 5001, 5002, 5003, 7000, 7001, 8099],
            [ports.Postgres, ports.PgBouncer, ports.PatroniApi, ports.EtcdClient, ports.EtcdPeer, ports.Write, ports.Read, ports.PooledWrite, ports.PooledRead, ports.Statistics, ports.HAProxyHealth, ports.Artefacts]);

        var postgres = cluster.Postgres;
        Assert.Equal(
            ("17.12", "/opt/pgsql", "/opt/pgsql/bin", "/opt/pgdata17", "/tmp"),
            (postgres.Version, postgres.Prefix, postgres.BinDirectory, postgres.DataDirectory, postgres.SocketDirectory));
        Assert.Equal("9cf136a703d8ee2f83465c43be4e9e8e7930c82b0bfba13be7e2537be769ac55", postgres.Sha256);
        Assert.Equal(["--with-openssl", "--with-libxml", "--with-icu", "--with-systemd"], postgres.ConfigureFlags);
        Assert.Equal(
            (BuildPlace.Once, 200, 10L << 30, 128L << 20, "app", "app"),
            (
                postgres.Build,
                postgres.MaxConnections,
                postgres.MaxSlotWalKeepSize,
                postgres.WalKeepSize,
                postgres.Database,
                postgres.Owner));
        Assert.Empty(postgres.Parameters);

        var etcd = cluster.Etcd;
        Assert.Equal(
            ("3.5.33", EtcdMethod.Archive, GoLibraries.Modules, "/var/lib/etcd"),
            (etcd.Version, etcd.Method, etcd.GoLibraries, etcd.DataDirectory));
        Assert.Equal("5025b5b24d81a9616b6e284ccd439b9a3df055ef8fdcdc142af3ec8f6a3b3c95", etcd.Sha256);
        Assert.Equal(
            (100.0, 1000.0, 2L << 30, 10000),
            (etcd.HeartbeatInterval.TotalMilliseconds, etcd.ElectionTimeout.TotalMilliseconds, etcd.QuotaBackendBytes, etcd.SnapshotCount));

        var patroni = cluster.Patroni;
        Assert.Equal(
            (20.0, 3.0, 8.0, 60.0, 5.0),
            (
                patroni.Ttl.TotalSeconds,
                patroni.LoopWait.TotalSeconds,
                patroni.RetryTimeout.TotalSeconds,
                patroni.PrimaryStartTimeout.TotalSeconds,
                patroni.WatchdogSafetyMargin.TotalSeconds));
        Assert.Equal("4.1.5", patroni.Version);
        Assert.Equal(
            (PatroniMethod.Pip, "/db", 1L << 20, SynchronousMode.Off, true, WatchdogMode.Required),
            (patroni.Method, patroni.Namespace, patroni.MaximumLagOnFailover, patroni.Synchronous, patroni.FailsafeMode, patroni.Watchdog));

        var proxy = cluster.HAProxy;
        Assert.Equal((1000, 900, 100), (proxy.MaxConnections, proxy.FrontendMaxConnections, proxy.ServerMaxConnections));
        Assert.Equal(
            [60.0, 4, 3600, 3600, 2, 1, 0.25, 10],
            [proxy.QueueTimeout.TotalSeconds, proxy.ConnectTimeout.TotalSeconds, proxy.ClientTimeout.TotalSeconds, proxy.ServerTimeout.TotalSeconds, proxy.CheckTimeout.TotalSeconds, proxy.CheckInterval.TotalSeconds, proxy.CheckFastInterval.TotalSeconds, proxy.StatisticsRefresh.TotalSeconds]);
        Assert.Equal(
            (2, 1, ReadFallback.Leader, "admin", false),
            (proxy.CheckFall, proxy.CheckRise, proxy.ReadFallback, proxy.StatisticsUser, proxy.StatisticsAdmin));

        var pool = cluster.PgBouncer;
        Assert.Equal(
            (PoolMode.Transaction, 1000, 20, 5, 100, 200),
            (
                pool.PoolMode,
                pool.MaxClientConnections,
                pool.DefaultPoolSize,
                pool.ReservePoolSize,
                pool.MaxDatabaseConnections,
                pool.MaxPreparedStatements));
        Assert.Equal((1.0, 30.0), (pool.ServerLoginRetry.TotalSeconds, pool.QueryWaitTimeout.TotalSeconds));

        Assert.Equal((FirewallMode.Managed, "public"), (cluster.Firewall.Mode, cluster.Firewall.Zone));
        Assert.Equal(["10.0.0.0/19"], cluster.Firewall.ClientNetworks);
        Assert.Equal("https://ftp.postgresql.org/pub/source/v17.12", cluster.Mirrors.Postgres);
        Assert.Equal("https://github.com/etcd-io/etcd/releases/download/v3.5.33/etcd-v3.5.33-linux-amd64.tar.gz", cluster.Mirrors.Etcd);
        Assert.Null(cluster.Mirrors.Pip);
        Assert.Equal((5L << 30, 3L << 30, true), (cluster.Preflight.DataSpace, cluster.Preflight.BuildSpace, cluster.Preflight.Clock));
    }

    [Fact]
    public void Etcd_is_compiled_from_source_unless_said_otherwise()
    {
        var etcd = Yaml.Valid(Yaml.With(("etcd", null))).Etcd;

        Assert.Equal((EtcdMethod.Source, "4bd8f588fb65033c23f6fac9b9a5ff4812ae2b6f77359fbe6d0eb2f1803d1d50"), (etcd.Method, etcd.Sha256));
        Assert.Null(Yaml.Valid(Yaml.With("etcd.method", "package")).Etcd.Sha256);
    }

    [Fact]
    public void A_host_s_own_values_go_over_the_defaults()
    {
        var cluster = Yaml.Valid(Yaml.With(
            ("hostDefaults", Yaml.Parse("{ system: rhel, cores: 8, memory: 32GB, interface: ens3 }")),
            (
                "hosts[1]",
                Yaml.Parse(
                    $"{{ name: db2, address: 10.0.12.4, system: debian, cores: 4, memory: 16GB, interface: bond0, vrrp: false, hostKey: "
                    + $"{TemporaryProject.HostKey} }}"))));

        Assert.Equal([
            ("ens3", SystemFamily.Rhel, 8, 32L << 30), ("bond0", SystemFamily.Debian, 4, 16L << 30),
            ("ens3", SystemFamily.Rhel, 8, 32L << 30),
        ],
            cluster.Hosts.Select(host => (host.Interface, host.System, host.Cores, host.Memory)));
        Assert.Equal(["db1", "db3"], cluster.VrrpHosts.Select(host => host.Name));
    }

    [Theory]
    [InlineData("5432", 5432)]
    [InlineData("\"5432\"", 5432)]
    [InlineData("5_432", 5432)]
    public void Numbers_may_be_text(string yaml, int expected) =>
        Assert.Equal(expected, Yaml.Valid(Yaml.With("ports.postgres", yaml)).Ports.Postgres);

    [Theory]
    [InlineData("90", 90)]
    [InlineData("\"90\"", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("90000ms", 90)]
    [InlineData("1 h", 3600)]
    public void Durations_are_seconds_or_have_a_unit(string yaml, double seconds) =>
        Assert.Equal(seconds, Yaml.Valid(Yaml.With("haproxy.queueTimeout", yaml)).HAProxy.QueueTimeout.TotalSeconds);

    [Theory]
    [InlineData("134217728", 128L << 20)]
    [InlineData("128MB", 128L << 20)]
    [InlineData("128 MiB", 128L << 20)]
    [InlineData("0.125GB", 128L << 20)]
    [InlineData("131072kB", 128L << 20)]
    public void Sizes_are_bytes_or_have_a_binary_unit(string yaml, long bytes) =>
        Assert.Equal(bytes, Yaml.Valid(Yaml.With("postgres.walKeepSize", yaml)).Postgres.WalKeepSize);

    [Theory]
    [InlineData("off", SynchronousMode.Off)]
    [InlineData("false", SynchronousMode.Off)]
    [InlineData("on", SynchronousMode.On)]
    [InlineData("true", SynchronousMode.On)]
    [InlineData("quorum", SynchronousMode.Quorum)]
    public void On_and_off_survive_YAML_readers_that_make_them_truth_values(string yaml, SynchronousMode expected) =>
        Assert.Equal(expected, Yaml.Valid(Yaml.With("patroni.synchronous", yaml)).Patroni.Synchronous);

    [Fact]
    public void Parameters_keep_their_text_and_truth_values_become_postgresql_s()
    {
        var cluster = Yaml.Valid(
            Yaml.With(
                "postgres.parameters",
                "{ work_mem: 16MB, jit: off, autovacuum: true, max_parallel_workers: 4, random_page_cost: 1.1, "
                + "pg_stat_statements.max: 5000 }"));

        Assert.Equal(
            ["autovacuum=on", "jit=off", "max_parallel_workers=4", "pg_stat_statements.max=5000", "random_page_cost=1.1", "work_mem=16MB"],
            cluster.Postgres.Parameters.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Fact]
    public void Empty_sections_and_null_values_are_as_if_absent()
    {
        Assert.Equal(5432, Yaml.Valid(Yaml.With("ports", "~")).Ports.Postgres);
        Assert.Null(Yaml.Valid(Yaml.With("mirrors", "{ pip: ~ }")).Mirrors.Pip);
    }

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/var/tmp")]
    [InlineData("/run/postgresql")]
    [InlineData("/var/run/postgresql")]
    [InlineData("/tmp/postgres")]
    [InlineData("/srv/postgres/socket")]
    public void A_socket_may_lie_where_others_may_not(string directory) =>
        Assert.Equal(directory, Yaml.Valid(Yaml.With("postgres.socketDirectory", directory)).Postgres.SocketDirectory);

    [Theory]
    [InlineData("/var/lib/postgresql/17/main", "/usr/local/pgsql", "/home/etcd")]
    [InlineData("/home/pgdata", "/usr/pgsql-17", "/usr/local/etcd")]
    public void Directories_below_those_of_the_system_are_taken(string data, string prefix, string etcd) =>
        Yaml.Valid(Yaml.With(("postgres.dataDirectory", data), ("postgres.prefix", prefix), ("etcd.dataDirectory", etcd)));

    [Fact]
    public void Five_hosts_with_three_etcd_members_and_one_outside_the_VIP_s_network()
    {
        var cluster = Yaml.Valid(Yaml.With(
            ("hosts[3]", Yaml.Parse($"{{ name: db4, address: 10.0.12.5, etcd: false, hostKey: {TemporaryProject.HostKey} }}")),
            (
                "hosts[4]",
                Yaml.Parse($"{{ name: db5, address: 192.168.7.5, etcd: false, vrrp: false, hostKey: {TemporaryProject.HostKey} }}"))));

        Assert.Equal(["db1", "db2", "db3"], cluster.EtcdHosts.Select(host => host.Name));
        Assert.Equal(["db1", "db2", "db3", "db4"], cluster.VrrpHosts.Select(host => host.Name));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(9, false)]
    [InlineData(49, false)]
    public void At_most_seven_hosts_are_etcd_members(int members, bool isRight)
    {
        // Two more hosts without a member: it is members that count, not hosts.
        var hosts = Yaml.Parse("[" + string.Join(", ", Enumerable.Range(1, members + 2).Select(i =>
            $"{{ name: db{i}, address: 10.0.12.{i + 100}, etcd: {(i <= members ? "true" : "false")}, hostKey: "
            + $"{TemporaryProject.HostKey} }}")) + "]")!;

        var result = Yaml.Read(Yaml.With(("hosts", hosts)));

        if (isRight)
        {
            Assert.Empty(result.Errors);
        }
        else
        {
            var error = Assert.Single(result.Errors);
            Assert.Equal("postgres-ha:cluster.hosts", error.Path);
            Assert.Contains($"set etcd: false on {members - 7} of them", error.Remedy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("root")]
    [InlineData("first.last")]
    [InlineData("First_Last")]
    [InlineData("deploy@example.org")]
    [InlineData("2nd-admin")]
    [InlineData("_svc")]
    public void Users_are_named_as_user_databases_name_them(string user) =>
        Assert.Equal(user, Yaml.Valid(Yaml.With(("ssh.user", user))).Ssh.User);

    [Fact]
    public void A_watchdog_after_half_of_ttl_is_minus_one()
    {
        var cluster = Yaml.Valid(Yaml.With(("patroni.watchdogSafetyMargin", -1), ("patroni.ttl", 60)));

        Assert.Equal(-1, cluster.Patroni.WatchdogSafetyMargin.TotalSeconds);
    }

    [Fact]
    public void Without_a_watchdog_its_margin_does_not_matter() =>
        Yaml.Valid(Yaml.With(("patroni.watchdogSafetyMargin", 25), ("patroni.watchdog", "off")));

    [Fact]
    public void Every_error_is_reported_at_once_and_one_mistake_gives_one_error()
    {
        var result = Yaml.Read(Yaml.With(
            ("patroni.ttl", "soon"),
            ("vip.address", "10.0.12.4"),
            ("ports.write", 5432),
            ("haproxi", new JsonObject()),
            ("hosts[2].name", "db1"),
            ("postgres.parameters", Yaml.Parse("{ port: 1, hot_standby: on }"))));

        Assert.Equal(
            ["haproxi", "patroni.ttl", "hosts[2].name", "vip.address", "ports.write", "postgres.parameters.hot_standby", "postgres.parameters.port"],
            result.Errors.Select(error => error.Path["postgres-ha:cluster.".Length..]));
    }

    [Fact]
    public void An_error_is_one_sentence()
    {
        var result = Yaml.Read(Yaml.With("patroni.loopWait", "14"));

        Assert.Equal(
            "postgres-ha:cluster.patroni.ttl: 20 is less than loop_wait + 2 × retry_timeout (30 s); set it to at least 30.",
            Assert.Single(result.Errors).ToString());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("[1, 2]")]
    [InlineData("{}")]
    [InlineData("{ hosts: [], vip: [], ssh: 1, ports: x, postgres: ~, patroni: [] }")]
    [InlineData("{ hosts: [1, ~, {}, [], { name: {}, address: [] }] }")]
    [InlineData("{ hosts: { a: b }, vip: { address: {}, prefix: x }, postgres: { parameters: 1, configureFlags: { a: 1 } } }")]
    public void Whatever_stands_there_is_refused_without_failing(string yaml)
    {
        var result = Yaml.Read(Yaml.Element(Yaml.Parse(yaml)));

        Assert.Null(result.Specification);
        Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public void No_configuration_at_all_is_one_error() => Assert.Single(Yaml.Read(default(JsonElement)).Errors);

    [Fact]
    public void Key_file_and_secret_together_are_refused()
    {
        using var project = new TemporaryProject().WithLab();
        var cluster = Yaml.With(("ssh", Yaml.Parse("{ privateKeyFile: .lab/ssh/id_ed25519 }")));

        var error = Assert.Single(SpecificationReader.Read(cluster, project.Folder, hasPrivateKeySecret: true).Errors);

        Assert.Equal(
            "postgres-ha:cluster.ssh.privateKeyFile: is set as well as the secret sshPrivateKey; keep one of them.", error.ToString());
    }

    [Fact]
    public void The_secret_alone_suffices() =>
        Assert.Empty(SpecificationReader.Read(Yaml.With(("ssh", null)), "/nowhere", hasPrivateKeySecret: true).Errors);

    [Fact]
    public void A_public_key_is_no_private_key()
    {
        using var project = new TemporaryProject().Write("id.pub", TemporaryProject.HostKey + "\n");
        var cluster = Yaml.With(("ssh", Yaml.Parse("{ privateKeyFile: id.pub }")));

        var error = Assert.Single(SpecificationReader.Read(cluster, project.Folder).Errors);

        Assert.Contains("id.pub is a public key", error.Problem, StringComparison.Ordinal);
        Assert.EndsWith("/id", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,328847636484203A76395A8052C0C53A\n\n"
        + "AAAA\n-----END RSA PRIVATE KEY-----\n", "has a passphrase", "ssh-add")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "has a passphrase", "ssh-keygen -p")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABDoTk+/\n-----END "
        + "OPENSSH PRIVATE KEY-----\n", "has a passphrase", "ssh.agent: true")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAA\n", "is cut off", "copy it once more")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz!\n-----END OPENSSH PRIVATE KEY-----\n", "damaged", "copy it once more")]
    [InlineData("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", "PuTTY", "puttygen")]
    public void A_private_key_that_nobody_can_use_is_refused_before_it_is_tried(string key, string problem, string remedy)
    {
        using var project = new TemporaryProject().Write("id", key);

        var error = Assert
            .Single(SpecificationReader.Read(Yaml.With(("ssh", Yaml.Parse("{ privateKeyFile: id }"))), project.Folder).Errors);

        Assert.Equal("postgres-ha:cluster.ssh.privateKeyFile", error.Path);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_key_that_Windows_has_written_is_refused()
    {
        using var project = new TemporaryProject().Write("id", TemporaryProject.PrivateKey.ReplaceLineEndings("\r\n"));

        var error = Assert
            .Single(SpecificationReader.Read(Yaml.With(("ssh", Yaml.Parse("{ privateKeyFile: id }"))), project.Folder).Errors);

        Assert.Contains("of Windows", error.Problem, StringComparison.Ordinal);
        Assert.Contains("sed -i", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TemporaryProject.PrivateKey)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----")]
    public void A_private_key_of_any_format_is_taken(string key)
    {
        using var project = new TemporaryProject().Write("id", key);

        Assert.Empty(SpecificationReader.Read(Yaml.With(("ssh", Yaml.Parse("{ privateKeyFile: id }"))), project.Folder).Errors);
    }

    [Fact]
    public void Validation_takes_less_than_a_tenth_of_a_second()
    {
        var cluster = Yaml.With();
        Yaml.Valid(cluster);

        // The fastest: the others had to wait for whatever else the machine does.
        Assert.True(Enumerable.Range(0, 10).Min(_ => Time()) < TimeSpan.FromSeconds(0.1));

        TimeSpan Time()
        {
            var begin = Stopwatch.GetTimestamp();
            Yaml.Valid(cluster);
            return Stopwatch.GetElapsedTime(begin);
        }
    }

    [Fact]
    public void A_parameters_name_ends_where_its_line_does()
    {
        var error = Assert.Single(Yaml.Read(Yaml.With("postgres.parameters", "{ \"work_mem\\n\": 4MB }")).Errors);

        Assert.Equal("is not the name of a parameter", error.Problem);
        Assert.DoesNotContain('\n', error.ToString());
    }
}
