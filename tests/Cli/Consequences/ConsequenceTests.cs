using System.Globalization;
using System.Text.Json;
using PostgresHa.Cli.Consequences;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Cli.Consequences;

/// <summary>What the end of a preview says of a change, by the program itself on a stack that was applied.</summary>
public sealed class ConsequenceTests : IDisposable
{
    private const string Stack = "orders";
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIPXKupkBNbnkwzDxNPQUv86nG8sPLkjMxd7VZLNO12s";
    private static readonly string[] Hosts = ["a", "b", "c"];

    private const string File = $$"""
        config:
          postgres-ha:cluster:
            name: orders
            ssh: { agent: true }
            hostDefaults: { system: debian, cores: 2, memory: 2GB, interface: eth0 }
            hosts:
              - { name: a, address: 192.0.2.11, hostKey: {{Key}} }
              - { name: b, address: 192.0.2.12, hostKey: {{Key}} }
              - { name: c, address: 192.0.2.13, hostKey: {{Key}} }
            vip: { address: 192.0.2.10, prefix: 24 }
            postgres: { maxConnections: 200, parameters: { work_mem: 16MB } }
        """;

    private readonly TemporaryProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task Nothing_changed_does_nothing()
    {
        await AppliedAsync();
        Calm([], await PreviewAsync(File));
        var text = Run("preview");
        Assert.Contains("nothing to do; ", text.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n\nWhat up would do:\n  nothing, on any host\n", text.Output, StringComparison.Ordinal);
        // Nothing is dialled where nothing is to be done, whatever is refused.
        var up = Run("up", "--refuse", "restart,reload", "--refuse", "hand-over", "--refuse", "stop");
        Assert.True(up.Code == 0, up.All);
    }

    [Fact]
    public void A_cluster_that_does_not_exist_is_one_line()
    {
        _project.Write(Stack, File);
        var text = Run("preview", "--refuse", "restart");
        Assert.True(text.Code == 0, text.All);
        Assert.EndsWith(
            "\nWhat up would do:\n  sets up a new cluster on a, b, c; there is nothing yet that could stop\n",
            text.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_of_HAProxy_reloads_it()
    {
        await AppliedAsync();
        Calm(Everywhere("reload reloads HAProxy (/etc/haproxy/haproxy.cfg)"), await PreviewAsync(With("haproxy: { clientTimeout: 30m }")));
    }

    [Theory]
    [InlineData("work_mem: 32MB", "work_mem")]
    [InlineData("work_mem: 16MB, log_min_duration_statement: 500ms", "log_min_duration_statement")]
    public async Task A_parameter_that_PostgreSQL_takes_over_reloads_it(string parameters, string name)
    {
        await AppliedAsync();
        Calm(
            Everywhere("reload reloads Patroni (/etc/patroni/patroni.yml)", $"reload reloads PostgreSQL ({name})"),
            await PreviewAsync(File.Replace("work_mem: 16MB", parameters, StringComparison.Ordinal)));
        Assert.Equal(0, Run("preview", "--refuse", "restart,hand-over,stop").Code);
    }

    [Fact]
    public async Task A_parameter_of_the_start_restarts_PostgreSQL_and_hands_over_the_lead()
    {
        await AppliedAsync();
        var (seen, writes) = await PreviewAsync(File.Replace("work_mem: 16MB", "shared_buffers: 256MB", StringComparison.Ordinal));
        Assert.Equal(
            [
                .. Everywhere(
                    "restart-postgres restarts PostgreSQL (shared_buffers)",
                    "reload reloads Patroni (/etc/patroni/patroni.yml)",
                    "reload reloads PostgreSQL (work_mem)"),
                "leader: hand-over hands over the lead to a replica, when all replicas have restarted",
            ],
            seen);
        Assert.Equal([$"the lead is handed over: {Seconds("switchover")}"], writes);
    }

    [Fact]
    public async Task The_same_value_in_another_unit_restarts_nothing()
    {
        _project.Write(Stack, File.Replace("work_mem: 16MB", "shared_buffers: 256MB", StringComparison.Ordinal));
        await AppliedStack.RunAsync(_project.Folder, Stack);
        Calm(
            Everywhere("reload reloads Patroni (/etc/patroni/patroni.yml)"),
            await PreviewAsync(File.Replace("work_mem: 16MB", "shared_buffers: 262144kB", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task To_lower_what_no_replica_may_have_less_of_restarts_the_leader_in_place()
    {
        await AppliedAsync();
        var (seen, writes) = await PreviewAsync(File.Replace("maxConnections: 200", "maxConnections: 150", StringComparison.Ordinal));
        Assert.Contains(
            "leader: restart-postgres restarts PostgreSQL in place and stays the leader (max_connections becomes less)", seen);
        Assert.Contains("b: restart-postgres restarts PostgreSQL (max_connections)", seen);
        Assert.DoesNotContain(seen, static line => line.Contains("hand-over", StringComparison.Ordinal));
        Assert.Equal(
            [$"PostgreSQL restarts on the leader: {Scenario(FailoverBudget.RestartInPlace(Cluster()))}"], writes);

        (seen, writes) = await PreviewAsync(File.Replace("maxConnections: 200", "maxConnections: 250", StringComparison.Ordinal));
        Assert.Contains("leader: hand-over hands over the lead to a replica, when all replicas have restarted", seen);
        Assert.Equal([$"the lead is handed over: {Seconds("switchover")}"], writes);
    }

    [Fact]
    public async Task Another_certificate_reloads_those_who_have_read_it()
    {
        await AppliedAsync();
        Calm(
            Everywhere(
                "reload reloads Patroni (/etc/postgres-ha/tls/postgres.crt)",
                "reload reloads PgBouncer (/etc/postgres-ha/tls/postgres.crt)",
                "reload reloads HAProxy (/etc/postgres-ha/tls/postgres.crt)",
                "other writes /etc/postgres-ha/tls/etcd.crt"),
            await PreviewAsync(With("tls: { names: [db.example.org] }")));
    }

    [Fact]
    public async Task TLS_comes_and_goes_without_a_restart()
    {
        foreach (var (from, to) in new[] { ("off", "optional"), ("optional", "required"), ("required", "optional"), ("optional", "off") })
        {
            _project.Write(Stack, With($"tls: {{ clients: {from} }}"));
            await AppliedStack.RunAsync(_project.Folder, Stack);
            var (seen, writes) = await PreviewAsync(With($"tls: {{ clients: {to} }}"));
            Assert.All(seen, static line => Assert.Contains(": reload ", line, StringComparison.Ordinal));
            Assert.Contains(seen, static line => line.StartsWith("b: reload reloads PgBouncer (", StringComparison.Ordinal));
            Assert.Empty(writes);
        }
    }

    [Fact]
    public async Task A_parameter_of_an_extension_may_restart_PostgreSQL()
    {
        await AppliedAsync();
        var (seen, _) = await PreviewAsync(
            File.Replace("work_mem: 16MB", "work_mem: 16MB, pg_stat_statements.max: 5000", StringComparison.Ordinal));
        Assert.Contains("c: restart-postgres may restart PostgreSQL (pg_stat_statements.max: an extension's)", seen);
        Assert.Contains("leader: hand-over hands over the lead to a replica, if its own PostgreSQL has to restart", seen);
    }

    [Fact]
    public async Task A_setting_of_etcd_restarts_its_members_and_lets_writes_go_on()
    {
        await AppliedAsync();
        Calm(Everywhere("restart restarts etcd (/etc/etcd/etcd.conf.yml)"), await PreviewAsync(With("etcd: { snapshotCount: 20000 }")));
        Assert.Contains("\nWrites go on.\n", Run("preview").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "true", "https")]
    [InlineData("true", "false", "http")]
    public async Task TLS_of_etcd_restarts_what_speaks_to_it(string from, string to, string scheme)
    {
        _project.Write(Stack, With($"etcd: {{ tls: {from} }}"));
        await AppliedStack.RunAsync(_project.Folder, Stack);
        var (seen, _) = await PreviewAsync(With($"etcd: {{ tls: {to} }}"));
        Assert.Equal(
            Everywhere(
                $"restart restarts etcd three times more, one member after the other: to {scheme} by way of both",
                "restart restarts etcd (/etc/etcd/etcd.conf.yml)",
                "restart restarts Patroni (/etc/patroni/secrets.env); PostgreSQL runs on",
                "restart restarts etcd-yield (/etc/systemd/system/etcd-yield.service)",
                "other writes /etc/etcd/root.env"),
            seen);
    }

    [Theory]
    [InlineData("false", "true")]
    [InlineData("true", "false")]
    public async Task TLS_of_Patronis_API_restarts_nothing_that_clients_use(string from, string to)
    {
        _project.Write(Stack, With($"patroni: {{ watchdog: automatic, apiTls: {from} }}"));
        await AppliedStack.RunAsync(_project.Folder, Stack);
        Calm(
            Everywhere(
                "restart restarts etcd-yield (/etc/systemd/system/etcd-yield.service)",
                "reload reloads HAProxy once before: it checks Patroni's members as now and as it is to, until all have changed",
                "reload reloads Patroni (/etc/patroni/patroni.yml)",
                "reload reloads HAProxy (/etc/haproxy/haproxy.cfg)",
                "reload reloads keepalived (/etc/keepalived/keepalived.conf)"),
            await PreviewAsync(With($"patroni: {{ watchdog: automatic, apiTls: {to} }}")));
    }

    [Fact]
    public async Task Another_authority_restarts_etcd_when_it_comes_and_reloads_the_others()
    {
        await AppliedAsync(Secret("evenAuthoritySeed", new string('x', 48)));
        foreach (var (authorities, trusts, signs) in new[] { ("[1, 2]", true, false), ("[2, 1]", false, true), ("[2]", true, false) })
        {
            var file = With($"tls: {{ authorities: {authorities} }}") + Secret("evenAuthoritySeed", new string('x', 48));
            var files = (trusts, signs) switch
            {
                (true, _) => "/etc/postgres-ha/tls/ca.crt",
                _ => "/etc/postgres-ha/tls/postgres.crt",
            };
            Calm(
                Everywhere(
                [
                    .. trusts ? new[] { $"restart restarts etcd ({files})" } : [],
                    $"reload reloads Patroni ({files})",
                    $"reload reloads PgBouncer ({files})",
                    $"reload reloads HAProxy ({files})",
                    .. signs ? new[] { "other writes /etc/postgres-ha/tls/etcd.crt" } : [],
                ]),
                await PreviewAsync(file));
            _project.Write(Stack, file);
            await AppliedStack.RunAsync(_project.Folder, Stack);
        }
    }

    [Fact]
    public async Task Another_version_of_etcd_restarts_its_members()
    {
        _project.Write(Stack, With($"etcd: {{ method: archive, version: 3.5.32, sha256: {Checksum("0a1b2c3d")} }}"));
        await AppliedStack.RunAsync(_project.Folder, Stack);
        var (seen, writes) = await PreviewAsync(With($"etcd: {{ method: archive, version: 3.5.33, sha256: {Checksum("4e5f6a7b")} }}"));
        Assert.Equal(Everywhere("restart restarts etcd (its programs)", "other installs etcd 3.5.33"), seen);
        Assert.Empty(writes);
    }

    [Fact]
    public async Task A_password_restarts_Patroni_and_leaves_PostgreSQL_running()
    {
        await AppliedAsync(Secret("superuserPassword", "first-password-1"));
        var (seen, writes) = await PreviewAsync(File + Secret("superuserPassword", "other-password-2"));
        Assert.Equal(
            [
                .. Everywhere("restart restarts Patroni (/etc/patroni/secrets.env); PostgreSQL runs on"),
                "leader: other sets roles and passwords in the database",
            ],
            seen);
        Assert.Equal(["Patroni restarts on the leader's host: 2"], writes);
        var shown = Run("preview").All + Run("preview", "--json").All;
        Assert.DoesNotContain("first-password-1", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("other-password-2", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_of_PostgreSQL_restarts_it_and_hands_over_the_lead()
    {
        await AppliedAsync();
        var (seen, writes) = await PreviewAsync(
            File.Replace("postgres: {", $"postgres: {{ version: \"17.11\", sha256: {Checksum("0a1b2c3d")},", StringComparison.Ordinal));
        Assert.Equal(
            [
                "a: restart-postgres restarts PostgreSQL (PostgreSQL 17.11, another build)",
                "a: other compiles and installs PostgreSQL 17.11",
                "b: restart-postgres restarts PostgreSQL (PostgreSQL 17.11, another build)",
                "b: other installs PostgreSQL 17.11",
                "c: restart-postgres restarts PostgreSQL (PostgreSQL 17.11, another build)",
                "c: other installs PostgreSQL 17.11",
                "leader: hand-over hands over the lead to a replica, when all replicas have restarted",
            ],
            seen);
        Assert.Equal([$"the lead is handed over: {Seconds("switchover")}"], writes);
    }

    [Fact]
    public async Task Another_way_to_the_same_build_restarts_nothing()
    {
        await AppliedAsync();
        Calm(
            [],
            await PreviewAsync(
                With("mirrors: { postgres: \"http://mirror.example/pub\", etcd: \"http://mirror.example/etcd.tar.gz\" }")));
    }

    [Fact]
    public async Task Node_exporter_is_installed_and_started()
    {
        await AppliedAsync();
        Calm(
            Everywhere(
                "start starts node-exporter",
                "other installs the packages prometheus-node-exporter",
                "other writes /etc/needrestart/conf.d/90-postgres-ha.conf",
                "other writes /etc/apt/apt.conf.d/90postgres-ha",
                "other changes the firewall's rules; connections that are allowed stay"),
            await PreviewAsync(With("nodeExporter: { enabled: true }")));
        _project.Write(Stack, With("nodeExporter: { enabled: true }"));
        await AppliedStack.RunAsync(_project.Folder, Stack);
        Assert.Contains("b: stop stops node-exporter", (await PreviewAsync(File)).Seen);
        Assert.Equal(1, Run("preview", "--refuse", "stop").Code);
    }

    [Fact]
    public async Task Hosts_that_come_are_set_up_and_those_that_go_stop()
    {
        await AppliedAsync();
        var five = File.Replace(
            "    vip:",
            $"      - {{ name: d, address: 192.0.2.14, hostKey: {Key} }}\n"
            + $"      - {{ name: new-a, address: 192.0.2.15, hostKey: {Key} }}\n    vip:",
            StringComparison.Ordinal);
        var (seen, _) = await PreviewAsync(five);
        Assert.Contains("new-a: set-up is set up: every service is installed and started", seen);
        Assert.Single(seen, static line => line.StartsWith("d: ", StringComparison.Ordinal));
        Assert.Contains("a: reload reloads HAProxy (/etc/haproxy/haproxy.cfg)", seen);
        Assert.DoesNotContain(seen, static line => line.StartsWith("a: set-up", StringComparison.Ordinal));

        _project.Write(Stack, five);
        await AppliedStack.RunAsync(_project.Folder, Stack);
        (seen, var writes) = await PreviewAsync(File);
        Assert.Contains("d: stop stops Patroni and with it PostgreSQL", seen);
        Assert.Contains("new-a: stop stops etcd", seen);
        Assert.Contains($"another member takes over, if d leads: {Seconds("patroni-stopped")}", writes);
    }

    [Fact]
    public async Task A_priority_of_VRRP_may_move_the_virtual_IP_and_a_check_does_not()
    {
        await AppliedAsync();
        var (seen, writes) = await PreviewAsync(File.Replace("name: c,", "name: c, priority: 120,", StringComparison.Ordinal));
        Assert.Contains("c: reload reloads keepalived (/etc/keepalived/keepalived.conf); the virtual IP may move", seen);
        Assert.Contains(writes, static line => line.StartsWith("the virtual IP moves: ", StringComparison.Ordinal));
        (seen, writes) = await PreviewAsync(File.Replace("prefix: 24 }", "prefix: 24, checkRise: 3 }", StringComparison.Ordinal));
        Calm(Everywhere("reload reloads keepalived (/etc/keepalived/keepalived.conf)"), (seen, writes));
    }

    [Fact]
    public async Task What_was_interrupted_or_is_applied_again_may_restart()
    {
        _project.Write(Stack, File);
        await AppliedStack.RunAsync(_project.Folder, Stack, "haproxy-service-b", "patroni-reconcile-a");
        var (seen, writes) = await PreviewAsync(File);
        Assert.Equal(
            [
                "a: restart-postgres may restart PostgreSQL (its last run did not end)",
                "b: restart-postgres may restart PostgreSQL (its last run did not end)",
                "b: restart may restart HAProxy (its last run did not end); connections through it are cut",
                "c: restart-postgres may restart PostgreSQL (its last run did not end)",
                "leader: hand-over hands over the lead to a replica, if its own PostgreSQL has to restart",
            ],
            seen);
        Assert.Equal(2, writes.Count);

        await AppliedAsync();
        (seen, _) = await PreviewAsync(With("reapply: 1"));
        Assert.Contains("b: restart may restart etcd (reapply was raised)", seen);
        Assert.Contains("c: restart-postgres may restart PostgreSQL (reapply was raised)", seen);
        Assert.Equal(1, Run("preview", "--refuse", "restart-postgres").Code);
    }

    [Fact]
    public async Task Up_refuses_before_anything_is_touched_and_says_which_resource_it_is()
    {
        await AppliedAsync();
        _project.Write(Stack, File.Replace("work_mem: 16MB", "shared_buffers: 256MB", StringComparison.Ordinal));
        var state = Path.Combine(_project.Folder, ".state", Stack + ".json");
        var before = System.IO.File.ReadAllText(state);
        foreach (var kinds in (string[][])[["restart-postgres"], ["restart"], ["stop,hand-over"], ["stop", "--refuse", "reload"]])
        {
            // The hosts' addresses lead nowhere: a connection would not be refused, but waited for.
            var up = Run(["up", "--refuse", .. kinds]);
            Assert.Equal(1, up.Code);
            Assert.Contains("pgha: up is refused, and nothing was touched (--refuse ", up.Error, StringComparison.Ordinal);
            Assert.Equal(before, System.IO.File.ReadAllText(state));
        }

        Assert.Contains(
            "\n  patroni-reconcile-a: restarts PostgreSQL (shared_buffers), on a, b, c\n",
            Run("up", "--refuse", "restart-postgres").Error,
            StringComparison.Ordinal);
        Assert.Equal(0, Run("preview", "--refuse", "stop").Code);
        var unknown = Run("up", "--refuse", "stop,rstart");
        Assert.Equal(2, unknown.Code);
        Assert.Contains(
            "--refuse: rstart is none of restart-postgres, hand-over, restart, reload, stop.", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_has_a_row_for_each_host_and_one_line_on_writes()
    {
        await AppliedAsync();
        _project.Write(Stack, File.Replace("name: c,", "name: c, vrrp: false,", StringComparison.Ordinal));
        var text = Run("preview").Output;
        var end = text[text.IndexOf("What up would do:", StringComparison.Ordinal)..];
        Assert.Matches("(?m)^ +HOST +WHAT", end);
        Assert.Matches("(?m)^ +c +stops keepalived", end);
        Assert.EndsWith(".\n", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_reads_the_same_as_JSON()
    {
        await AppliedAsync();
        _project.Write(Stack, File.Replace("work_mem: 16MB", "shared_buffers: 256MB", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(Run("preview", "--json").Output);
        Assert.False(json.RootElement.GetProperty("newCluster").GetBoolean());
        var consequences = json.RootElement.GetProperty("consequences").EnumerateArray().ToList();
        Assert.Equal(10, consequences.Count);
        Assert.Equal(
            """{"kind":"restart-postgres","host":"a","what":"restarts PostgreSQL (shared_buffers)","""
            + "\"certain\":true,\"resource\":\"patroni-reconcile-a\"}",
            JsonSerializer.Serialize(consequences[0]));
        Assert.Equal("hand-over", consequences[^1].GetProperty("kind").GetString());
        Assert.Null(consequences[^1].GetProperty("host").GetString());
        var stop = Assert.Single(json.RootElement.GetProperty("writesStop").EnumerateArray());
        Assert.Equal(Seconds("switchover"), stop.GetProperty("worstSeconds").GetRawText());
    }

    private static string Secret(string name, string text)
    {
        var cipher = PassphraseCipher.Open(Pgha.Passphrase, Salt, "the test");
        return $"\n  postgres-ha:{name}: {{ secure: \"{cipher.Encrypt(text)}\" }}\nencryptionsalt: {Salt}\n";
    }

    private static readonly string Salt = PassphraseCipher.Create(Pgha.Passphrase).EncryptionSalt;

    private static string Checksum(string digits) => string.Concat(Enumerable.Repeat(digits, 8));

    private static string With(string section) => File + "\n    " + section;

    private static List<string> Everywhere(params string[] what) =>
        [.. Hosts.SelectMany(host => what.Select(one => $"{host}: {one}"))];

    private static ClusterSpecification Cluster()
    {
        using var project = new TemporaryProject();
        project.Write(Stack, File);
        return SpecificationReader.Read(StackFile.Load(project.Folder, Stack).Cluster, project.Folder).Specification!;
    }

    // Exactly that, and writes go on.
    private static void Calm(List<string> expected, (List<string> Seen, List<string> Writes) found)
    {
        Assert.Equal(expected, found.Seen);
        Assert.Empty(found.Writes);
    }

    private static string Seconds(string scenario) => Scenario(FailoverBudget.Of(Cluster()).First(one => one.Name == scenario));

    private static string Scenario(FailoverScenario scenario) => scenario.Total.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private async Task AppliedAsync(string further = "")
    {
        _project.Write(Stack, File + further);
        await AppliedStack.RunAsync(_project.Folder, Stack);
    }

    private async Task<(List<string> Seen, List<string> Writes)> PreviewAsync(string file)
    {
        _project.Write(Stack, file);
        var summary = await AppliedStack.PreviewAsync(_project.Folder, Stack);
        Assert.False(summary.IsNewCluster);
        return (
            [
                .. summary.Hosts.Append(null).SelectMany(summary.On)
                    .Select(static one => $"{one.Host ?? "leader"}: {RefusedKinds.Name(one.Kind)} {one.Text}"),
            ],
            [
                .. summary.WriteStops.Select(static stop =>
                    string.Create(CultureInfo.InvariantCulture, $"{stop.Reason}: {stop.Worst.TotalSeconds}")),
            ]);
    }

    private (int Code, string Output, string Error, string All) Run(params string[] arguments) =>
        Pgha.RunIn(_project.Folder, [arguments[0], "--stack", Stack, .. arguments.Skip(1)]);
}
