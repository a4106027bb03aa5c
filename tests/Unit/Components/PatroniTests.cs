using System.Text.Json;
using System.Text.Json.Nodes;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class PatroniTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    private static readonly ClusterSpecification Other = Yaml.Valid(Yaml.With(
        ("ports", Yaml.Parse("{ postgres: 5433, patroniApi: 8009, etcdClient: 12379 }")),
        ("hosts[1].etcd", JsonValue.Create(true)),
        ("hosts[2].cores", JsonValue.Create(16)),
        (
            "postgres",
            Yaml.Parse(
                "{ maxConnections: 500, socketDirectory: /run/postgresql, prefix: /usr/pgsql-17, parameters: { work_mem: 32MB, "
                + "log_line_prefix: \"it's %m \" } }")),
        ("firewall", Yaml.Parse("{ clientNetworks: [10.1.0.0/16, 10.2.0.0/16] }")),
        ("patroni", Yaml.Parse("{ method: package, ttl: 60s, synchronous: strict, watchdog: \"off\", failsafeMode: false }"))));

    [Fact]
    public void Configuration_by_default() => Snapshot.Matches("patroni.default.yml", PatroniFiles.Config(Default, Default.Hosts[0]));

    [Fact]
    public void Configuration_with_everything_different() =>
        Snapshot.Matches("patroni.other.yml", PatroniFiles.Config(Other, Other.Hosts[1]));

    [Fact]
    public void Unit() => Snapshot.Matches("patroni.service", PatroniFiles.Unit(Default, Default.Hosts[0]));

    [Theory]
    [InlineData("/tmp", null)]
    [InlineData("/var/tmp", null)]
    [InlineData("/run/postgresql", "RuntimeDirectory=postgresql")]
    [InlineData("/var/run/postgresql", "RuntimeDirectory=postgresql")]
    [InlineData("/run/pg/socket", "RuntimeDirectory=pg/socket")]
    [InlineData("/srv/pg/socket", "ExecStartPre=+/usr/bin/install -d -o postgres -g postgres -m 0755 /srv/pg/socket")]
    [InlineData("/tmp/socket", "ExecStartPre=+/usr/bin/install -d -o postgres -g postgres -m 0755 /tmp/socket")]
    public void The_socket_s_directory_is_there_after_a_boot_whatever_it_is(string directory, string? line)
    {
        var cluster = Yaml.Valid(Yaml.With("postgres.socketDirectory", directory));

        string[] lines =
        [
            .. PatroniFiles.Unit(cluster, cluster.Hosts[0]).Split('\n')
                .Where(
                    one => one.StartsWith("RuntimeDirectory=", StringComparison.Ordinal)
                        || one.StartsWith("ExecStartPre=", StringComparison.Ordinal)),
        ];

        Assert.Equal(line is null ? [] : [line], lines);
    }

    [Fact]
    public void A_socket_below_run_is_there_after_a_boot() => Assert.Contains(
        "RuntimeDirectory=postgresql\nRuntimeDirectoryPreserve=yes\n", PatroniFiles.Unit(Other, Other.Hosts[0]), StringComparison.Ordinal);

    [Fact]
    public void Command_for_the_DBA() => Snapshot.Matches("patronictl", PatroniFiles.Control(Default));

    [Fact]
    public void Dynamic_configuration_is_the_one_a_new_cluster_is_created_with()
    {
        foreach (var cluster in new[] { Default, Other })
        {
            var whole = Yaml.Parse(PatroniFiles.Config(cluster, cluster.Hosts[0]))!;
            Assert.Equal(
                Yaml.Parse(PatroniFiles.DynamicConfiguration(cluster))!.ToJsonString(),
                whole["bootstrap"]!["dcs"]!.ToJsonString());
        }
    }

    [Fact]
    public void What_is_wanted_is_the_configuration_and_since_when_each_build_is_installed()
    {
        var documents = PatroniFiles.WantedState(
            Default,
            [
                PatroniFiles.InstalledSince("db1", "installed=postgresql-17.4-x 0123 since=1764212345\n"),
                PatroniFiles.InstalledSince("db2", "installed=x 0123\n"),
            ])
            .Split("---\n");
        Assert.Equal(PatroniFiles.DynamicConfiguration(Default), documents[0]);
        Assert.Equal("""{"db1":1764212345}""", Yaml.Parse(documents[1])!.ToJsonString());
    }

    [Theory]
    [InlineData("off", "false", false)]
    [InlineData("on", "true", false)]
    [InlineData("strict", "true", true)]
    [InlineData("quorum", "quorum", false)]
    public void Synchronous_mode_in_Patronis_words(string mode, string expected, bool strict)
    {
        var text = PatroniFiles.DynamicConfiguration(Yaml.Valid(Yaml.With("patroni.synchronous", $"\"{mode}\"")));
        Assert.Contains($"synchronous_mode: {expected}\n", text, StringComparison.Ordinal);
        Assert.Equal(strict, text.Contains("synchronous_mode_strict: true\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Watchdog_stands_at_the_top_where_Patroni_looks_for_it()
    {
        var config = Yaml.Parse(PatroniFiles.Config(Default, Default.Hosts[0]))!;
        Assert.Equal("required", (string?)config["watchdog"]!["mode"]);
        Assert.Null(config["postgresql"]!["watchdog"]);
        Assert.Equal("off", (string?)Yaml.Parse(PatroniFiles.Config(Other, Other.Hosts[0]))!["watchdog"]!["mode"]);
    }

    [Fact]
    public void Programs_and_data_come_from_the_one_specification()
    {
        var postgresql = Yaml.Parse(PatroniFiles.Config(Other, Other.Hosts[0]))!["postgresql"]!;
        Assert.Equal(Other.Postgres.BinDirectory, (string?)postgresql["bin_dir"]);
        Assert.Equal(Other.Postgres.DataDirectory, (string?)postgresql["data_dir"]);
        Assert.Equal("/run/postgresql", (string?)postgresql["parameters"]!["unix_socket_directories"]);
    }

    [Fact]
    public void Sizes_follow_the_smallest_host_and_the_users_values_win()
    {
        var parameters = PatroniParameters.Of(Other).ToDictionary(StringComparer.Ordinal);
        var memory = Other.Hosts.Min(static host => host.Memory) / (1024 * 1024);
        Assert.Equal($"{memory / 4}MB", parameters["shared_buffers"]);
        Assert.Equal($"{memory * 3 / 4}MB", parameters["effective_cache_size"]);
        Assert.Equal(
            Other.Hosts.Min(static host => host.Cores).ToString(System.Globalization.CultureInfo.InvariantCulture),
            parameters["max_parallel_workers"]);
        Assert.Equal("500", parameters["max_connections"]);
        Assert.Equal("32MB", parameters["work_mem"]);
    }

    [Fact]
    public void Every_replica_has_a_slot_and_senders_and_the_slots_are_bounded()
    {
        var parameters = PatroniParameters.Of(Default).ToDictionary(StringComparer.Ordinal);
        Assert.Equal("9", parameters["max_replication_slots"]);
        Assert.Equal("16", parameters["max_wal_senders"]);
        Assert.Equal("10240MB", parameters["max_slot_wal_keep_size"]);
        Assert.Equal("128MB", parameters["wal_keep_size"]);
    }

    [Fact]
    public void Nobody_is_trusted_and_no_password_is_hashed_the_old_way()
    {
        foreach (var line in PatroniFiles.HostBasedAuthentication(Default).Concat(PatroniFiles.HostBasedAuthentication(Other)))
        {
            Assert.Contains(
                line.Split(' ')[^(line.Contains(" map=", StringComparison.Ordinal) ? 2 : 1)], new[] { "peer", "scram-sha-256", "reject" });
            Assert.DoesNotContain(" 0.0.0.0", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_superuser_comes_in_by_the_unix_socket_only()
    {
        List<string> lines = [.. PatroniFiles.HostBasedAuthentication(Default)];
        Assert.Equal("local all postgres peer", lines[0]);
        var reject = lines.FindIndex(
            static line =>
                line.StartsWith("host all postgres,", StringComparison.Ordinal) && line.EndsWith(" all reject", StringComparison.Ordinal));
        var first = lines.FindIndex(static line => line.StartsWith("hostssl all all ", StringComparison.Ordinal));
        Assert.InRange(reject, 1, first - 1);
        Assert.DoesNotContain(lines.Take(reject), static line => line.StartsWith("host", StringComparison.Ordinal) && line.Contains(
            " postgres 1", StringComparison.Ordinal)
            && !line.StartsWith("hostssl postgres rewind ", StringComparison.Ordinal));
    }

    [Fact]
    public void Clients_of_every_named_network_and_those_HAProxy_passes_on_are_admitted()
    {
        List<string> lines = [.. PatroniFiles.HostBasedAuthentication(Other)];
        foreach (var network in Other.Firewall.ClientNetworks.Concat(Other.Hosts.Select(static host => host.Address + "/32")))
        {
            Assert.Contains($"hostssl all all {network} scram-sha-256", lines);
        }
    }

    [Theory]
    [InlineData("required", "hostssl")]
    [InlineData("optional", "host")]
    [InlineData("\"off\"", "host")]
    public void Who_comes_over_the_network_comes_with_TLS_where_it_is_required(string clients, string type)
    {
        var cluster = Yaml.Valid(Yaml.With("tls.clients", clients));

        Assert.All(
            PatroniFiles.HostBasedAuthentication(cluster).Select(static line => line.Split(' '))
                .Where(static fields => fields[0] != "local" && fields[^1] != "reject"),
            fields => Assert.Equal(type, fields[0]));
    }

    [Theory]
    [InlineData("required", true)]
    [InlineData("optional", true)]
    [InlineData("\"off\"", false)]
    public void Replicas_verify_whom_they_follow(string clients, bool verified)
    {
        var cluster = Yaml.Valid(Yaml.With("tls.clients", clients));
        var file = Yaml.Parse(PatroniFiles.Config(cluster, cluster.Hosts[0]))!;

        foreach (var role in new[] { "replication", "rewind" })
        {
            var settings = file["postgresql"]!["authentication"]![role]!;
            Assert.Equal(verified ? "verify-full" : null, settings["sslmode"]?.ToString());
            Assert.Equal(verified ? "/etc/postgres-ha/tls/ca.crt" : null, settings["sslrootcert"]?.ToString());
        }

        Assert.Equal(
            verified ? "on" : null, file["bootstrap"]!["dcs"]!["postgresql"]!["parameters"]!["ssl"]?.ToString());
    }

    [Theory]
    [InlineData("/opt/pgdata17", "ProtectHome=yes", null)]
    // Beside it lies what is moved aside.
    [InlineData("/home/db/data", "ProtectHome=read-only", "ReadWritePaths=-/home/db")]
    [InlineData("/usr/local/pgdata", "ProtectHome=read-only", "ReadWritePaths=-/usr/local")]
    public void What_is_closed_to_PostgreSQL_is_open_where_its_data_are(string directory, string home, string? opened)
    {
        var lines = PatroniFiles.Hardening(Yaml.Valid(Yaml.With("postgres.dataDirectory", directory))).File.Content.Plain.Split('\n');

        Assert.Contains(home, lines);
        Assert.Equal(opened, lines.SingleOrDefault(static line => line.StartsWith("ReadWritePaths=", StringComparison.Ordinal)));
        // The watchdog is a device.
        Assert.DoesNotContain("PrivateDevices=yes", lines);
    }

    [Fact]
    public void The_reviewed_files_hold_no_password()
    {
        var secrets = PatroniFiles.Secrets(Default, "SECRET1", "SECRET2", "SECRET3", "SECRET4", "SECRET5");
        for (var i = 1; i <= 5; i++)
        {
            Assert.Contains($"=\"SECRET{i}\"\n", secrets, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("password:", PatroniFiles.Config(Default, Default.Hosts[0]), StringComparison.Ordinal);
        Assert.Contains(
            "EnvironmentFile=" + PatroniFiles.SecretsPath, PatroniFiles.Unit(Default, Default.Hosts[0]), StringComparison.Ordinal);
        // Patroni overlooks etcd's user and password in the environment unless another etcd3 variable stands there.
        Assert.Contains("PATRONI_ETCD3_PROTOCOL=", secrets, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_with_special_characters_is_quoted_for_systemd_and_the_shell() => Assert.Contains(
        "PATRONI_SUPERUSER_PASSWORD=\"a\\\"b\\\\c\\$d\\`e'f g\"\n",
        PatroniFiles.Secrets(Default, "a\"b\\c$d`e'f g", "b", "c", "d", "e"),
        StringComparison.Ordinal);

    [Fact]
    public void Roles_are_handed_over_with_PgBouncers_own_SQL()
    {
        using var document = JsonDocument.Parse(
            PatroniFiles.Roles("app\"s", static secret => "of " + secret.Name, ["1.24.1", "1.18.0", "1.24.1"]));
        var roles = document.RootElement.GetProperty("roles");
        Assert.Equal("app\"s", roles.GetProperty("owner").GetProperty("name").GetString());
        Assert.Equal("of pgbouncer", roles.GetProperty("pgbouncer").GetProperty("password").GetString());
        Assert.Equal(PgBouncerFiles.AuthSql(), document.RootElement.GetProperty("lookup").GetString());
        Assert.Equal(
            ["1.18.0", "1.24.1"],
            document.RootElement.GetProperty("pgbouncer").EnumerateArray().Select(static version => version.GetString()));
    }

    [Theory]
    [InlineData("replica", "replica")]
    [InlineData("128MB", "'128MB'")]
    [InlineData("on", "'on'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("", "''")]
    [InlineData("[%p] ", "'[%p] '")]
    [InlineData("200", "'200'")]
    public void Text_is_read_back_as_text(string value, string expected) => Assert.Equal(expected, YamlScalar.Text(value));

    [Theory]
    [InlineData("200", "200")]
    [InlineData("0", "0")]
    [InlineData("010", "'010'")]
    [InlineData("-1", "'-1'")]
    [InlineData("1.5", "'1.5'")]
    public void Numbers_stay_numbers(string value, string expected) => Assert.Equal(expected, YamlScalar.Value(value));

    [Fact]
    public void Only_the_hosts_reach_the_API_and_clients_reach_PostgreSQL() => Assert.Equal(
        [(8008, Audience.Peers), (5432, Audience.Clients)],
        Patroni.Declaration.Endpoints(Default, Default.Hosts[0]).Select(static endpoint => (endpoint.Port, endpoint.Audience)));

    [ProgramFact("systemd-analyze")]
    public void Systemd_accepts_the_unit()
    {
        using var folder = new TemporaryProject();
        // Programs and users are the host's.
        folder.Write("patroni.service", PatroniFiles.Unit(Default, Default.Hosts[0])
            .Replace("/opt/patroni/bin/patroni", "/bin/true", StringComparison.Ordinal)
            .Replace("postgres\n", "root\n", StringComparison.Ordinal));
        Programs.Accepts(Programs.Path("systemd-analyze"), "verify", "--man=no", Path.Join(folder.Folder, "patroni.service"));
    }

    // In the lab each host's own Patroni judges it before it is written; here whatever version the machine has.
    [ProgramFact("patroni")]
    public void Patroni_accepts_its_configuration()
    {
        using var folder = new TemporaryProject();
        folder.Write("patroni.yml", PatroniFiles.Config(Default, Default.Hosts[0]));
        var verdict = Programs.Output(Programs.Path("patroni"), "--validate-config", Path.Join(folder.Folder, "patroni.yml"));
        // Neither etcd nor PostgreSQL is here, nor is the host's address. Versions before 3.1 know pg_hba below bootstrap only.
        Assert.DoesNotContain(verdict.Split('\n'), static line => line.Length > 0 && !line.Contains(
            "is not reachable", StringComparison.Ordinal)
            && !line.Contains("bin_dir", StringComparison.Ordinal) && !line.Contains("listen ", StringComparison.Ordinal)
                && !line.StartsWith("bootstrap.pg_hba", StringComparison.Ordinal));
    }
}
