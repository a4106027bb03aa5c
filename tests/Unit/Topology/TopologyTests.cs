using System.Collections.Immutable;
using System.Collections;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Topology;

public sealed class TopologyTests
{
    private static readonly string[] Hosts = ["db1", "db2", "db3"];

    private static readonly Lazy<Task<StackRun>> Three = new(() => StackRun.OfAsync(Yaml.Element(Yaml.Base())));

    [Fact]
    public async Task Every_resource_has_a_name_of_its_own()
    {
        var run = await Three.Value;

        var twice = run.Resources.GroupBy(resource => (resource.Type, resource.Name)).Where(group => group.Count() > 1)
            .Select(group => group.Key);

        Assert.Empty(twice);
        Assert.True(run.Commands.Count > 60, $"only {run.Commands.Count} commands");
    }

    [Fact]
    public async Task No_command_line_holds_a_secret()
    {
        var run = await Three.Value;

        var leaks = run.Commands.Where(command =>
            new[] { "create", "update", "delete" }.Any(input => command.Text(input).Contains(StackRun.SecretMark, StringComparison.Ordinal))
            || command.Holds("environment"));

        Assert.Empty(leaks.Select(command => command.Name));
        // The mark is where secrets belong: were it nowhere, this test could not fail.
        Assert.Contains(run.Commands, command => command.Text("stdin").Contains(StackRun.SecretMark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_an_agent_holds_is_left_out_of_every_connection()
    {
        // Set to null it would be a secret without a value, which Pulumi's engine refuses.
        var run = await StackRun.OfAsync(Yaml.With("ssh.bastion", $"{{ address: jump.example.org, hostKey: {TemporaryProject.HostKey} }}"));

        Assert.All(run.Commands, command =>
        {
            var connection = (IDictionary)command.Inputs["connection"];
            Assert.Equal("jump.example.org", ((IDictionary)connection["proxy"]!)["host"]);
            Assert.False(connection.Contains("privateKey") || ((IDictionary)connection["proxy"]!).Contains("privateKey"), command.Name);
        });
    }

    // What render, status and the snapshots show is what is written.
    [Fact]
    public async Task The_files_that_are_registered_are_the_declared_ones()
    {
        var run = await Three.Value;
        var cluster = Yaml.Valid(Yaml.Element(Yaml.Base()));

        var declared = cluster.Hosts.SelectMany(host => HostFiles.Managed(cluster, host, "postgres-ha/test").Select(file => (
            Command: HostCommand.AsRoot(cluster, [HostPaths.Tool("file-write"), file.Path, file.Owner, file.Group, file.Mode,
                .. file.Validator is { } validator ? new[] { "--validator", validator } : [], .. file.Backup ? new[] { "--backup" } : []]),
            Text: file.Content.IsLater ? "" : file.Content.Text(static secret => StackRun.SecretMark + secret.Name)))).ToList();
        // What the hosts' answers become is another test's matter.
        var later = declared.Where(static file => file.Text.Length == 0).Select(static file => file.Command).ToHashSet();
        var registered = run.Commands.Where(static command => command.Text("create").Contains("/file-write ", StringComparison.Ordinal))
            .Select(command => (command.Text("create"), later.Contains(command.Text("create")) ? "" : command.Text("stdin")));

        Assert.Equal(declared.Order(), registered.Order());
    }

    [Fact]
    public void A_file_is_root_s_or_of_a_user_that_its_service_declares()
    {
        var cluster = Yaml.Valid(Yaml.Element(Yaml.Base()));
        var owners = cluster.Hosts.SelectMany(host => ClusterServices.All.Of(cluster).SelectMany(service => service.Files(cluster, host)
            .SelectMany(file => new[] { file.Owner, file.Group })
            .Select(owner => (owner, Known: service.Users(cluster, host).Select(static user => user.Name).Append("root").Contains(owner)))))
            .ToList();

        Assert.All(owners, static owner => Assert.True(owner.Known, owner.owner));
        Assert.Contains(owners, static owner => owner.owner != "root");
    }

    [Fact]
    public async Task Files_with_a_secret_are_readable_by_their_owner_only()
    {
        var run = await Three.Value;

        var files = run.Commands.Where(command =>
            command.Text("create").Contains("/file-write ", StringComparison.Ordinal)
            && command.Text("stdin").Contains(StackRun.SecretMark, StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains(" 0600", file.Text("create"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_resource_has_triggers()
    {
        // They would have a changed resource deleted after it was created anew.
        var run = await Three.Value;

        Assert.DoesNotContain(run.Commands, command => command.Holds("triggers"));
    }

    [Fact]
    public async Task Every_host_gets_the_same()
    {
        var run = await Three.Value;
        // What concerns the cluster as a whole is run from one host.
        string[] once =
        [
            "etcd-auth", "etcd-forget", "etcd-forget-user", "etcd-verify", "keepalived-verify", "patroni-configure", "patroni-reconcile",
            "patroni-verify", "postgres-build", "etcd-build",
        ];

        var byHost = Hosts.ToDictionary(
            host => host,
            host => run.Commands.Select(command => command.Name).Where(name => name.EndsWith("-" + host, StringComparison.Ordinal))
                .Select(name => name[..^(host.Length + 1)]).Except(once).Order().ToList());

        Assert.Equal(byHost["db1"], byHost["db2"]);
        Assert.Equal(byHost["db1"], byHost["db3"]);
        Assert.All(run.Commands, command => Assert.Contains(Hosts, host => command.Name.EndsWith("-" + host, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_is_written_before_every_preflight()
    {
        var run = await Three.Value;
        var preflights = Hosts.Select(host => "host-preflight-" + host).ToList();

        var early = run.Commands.Select(command => command.Name).Except(preflights)
            .Where(name => !preflights.TrueForAll(preflight => run.WaitsFor(name, preflight)));

        Assert.Empty(early);
    }

    [Theory]
    [InlineData("patroni-service-db2", "postgres-install-db2")]
    // Any host may be the one that can tell who leaves.
    [InlineData("firewall-rules-db1", "patroni-hosts-db3")]
    [InlineData("patroni-service-db1", "etcd-verify-db1")]
    [InlineData("patroni-service-db3", "patroni-service-db2")]
    [InlineData("patroni-service-db3", "watchdog-apply-db3")]
    // Refused on one host, a parameter is written on none.
    [InlineData("patroni-config-db2", "postgres-try-db3")]
    [InlineData("patroni-configure-db1", "postgres-try-db3")]
    [InlineData("patroni-configure-db1", "etcd-verify-db1")]
    [InlineData("patroni-configure-db1", "patroni-control-db1")]
    [InlineData("patroni-configure-db1", "patroni-secrets-db1")]
    // What would mend a member is not behind its health.
    [InlineData("patroni-service-db1", "patroni-configure-db1")]
    [InlineData("patroni-renew-db1", "patroni-service-db3")]
    [InlineData("patroni-renew-db3", "patroni-renew-db2")]
    [InlineData("patroni-reconcile-db1", "patroni-renew-db3")]
    [InlineData("patroni-reconcile-db1", "patroni-service-db3")]
    [InlineData("patroni-verify-db1", "patroni-roles-db2")]
    [InlineData("etcd-service-db2", "etcd-service-db1")]
    // A host that joins is told the password's way by those that are there.
    [InlineData("etcd-join-db1", "etcd-begin-db3")]
    [InlineData("etcd-begin-db2", "etcd-begin-db1")]
    [InlineData("etcd-begin-db2", "etcd-certificate-db2")]
    [InlineData("etcd-certificate-db2", "certificates-authority-db2")]
    [InlineData("etcd-move-db1", "etcd-service-db3")]
    [InlineData("etcd-move-db2", "etcd-move-db1")]
    [InlineData("etcd-credentials-db1", "etcd-move-db3")]
    // Whoever still comes by the old scheme is let in until then.
    [InlineData("etcd-end-db1", "patroni-service-db3")]
    [InlineData("etcd-end-db2", "etcd-end-db1")]
    // Nobody comes with a password before it holds, on any host.
    [InlineData("patroni-secrets-db1", "patroni-passwords-db3")]
    [InlineData("pgbouncer-users-db2", "patroni-passwords-db1")]
    [InlineData("etcd-forget-user-db1", "patroni-service-db3")]
    [InlineData("etcd-service-db3", "etcd-config-db3")]
    [InlineData("etcd-verify-db1", "etcd-service-db3")]
    [InlineData("haproxy-service-db2", "haproxy-service-db1")]
    [InlineData("haproxy-config-db2", "haproxy-users-db2")]
    [InlineData("haproxy-verify-db2", "patroni-verify-db1")]
    [InlineData("keepalived-service-db1", "haproxy-service-db1")]
    [InlineData("patroni-service-db1", "certificate-ended-db3")]
    // Each proxy checks the members in both ways before the first of them changes, and in one way only when all have.
    [InlineData("patroni-service-db1", "haproxy-begin-db3")]
    [InlineData("haproxy-config-db1", "patroni-service-db3")]
    [InlineData("haproxy-end-db1", "haproxy-service-db3")]
    [InlineData("haproxy-end-db1", "patroni-verify-db1")]
    [InlineData("keepalived-verify-db1", "keepalived-service-db3")]
    [InlineData("postgres-install-db2", "postgres-build-db1")]
    [InlineData("pgbouncer-verify-db3", "patroni-verify-db1")]
    [InlineData("certificate-request-db2", "postgres-install-db2")]
    [InlineData("certificates-postgres-db2", "certificates-authority-db2")]
    // Nobody is told to use TLS before all hosts have their certificates.
    [InlineData("patroni-configure-db1", "certificates-postgres-db3")]
    [InlineData("postgres-try-db2", "certificates-postgres-db2")]
    [InlineData("pgbouncer-service-db2", "certificates-postgres-db2")]
    public async Task Waits_for(string later, string earlier)
    {
        var run = await Three.Value;

        Assert.True(run.WaitsFor(later, earlier), $"{later} does not wait for {earlier}");
    }

    [Theory]
    [InlineData("haproxy-config-db2", "haproxy-config-db1")]
    [InlineData("postgres-install-db2", "postgres-install-db1")]
    [InlineData("haproxy-service-db1", "patroni-verify-db1")]
    [InlineData("keepalived-service-db1", "patroni-verify-db1")]
    [InlineData("host-packages-db2", "host-packages-db1")]
    [InlineData("patroni-config-db2", "etcd-verify-db1")]
    [InlineData("postgres-try-db1", "etcd-verify-db1")]
    [InlineData("postgres-try-db2", "postgres-try-db1")]
    [InlineData("certificates-postgres-db2", "certificates-postgres-db1")]
    [InlineData("certificates-postgres-db1", "etcd-verify-db1")]
    [InlineData("patroni-configure-db1", "patroni-service-db1")]
    public async Task Does_not_wait_for(string one, string other)
    {
        var run = await Three.Value;

        Assert.Contains(run.Commands, command => command.Name == one);
        Assert.Contains(run.Commands, command => command.Name == other);
        Assert.False(run.WaitsFor(one, other), $"{one} waits for {other} without need");
    }

    [Fact]
    public async Task A_changed_timeout_of_HAProxy_changes_HAProxy_only()
    {
        var before = await Three.Value;
        var after = await StackRun.OfAsync(Yaml.With("haproxy", "{ clientTimeout: 30m }"));

        var changed = Changed(before, after);

        Assert.Equal(
            Hosts.SelectMany(host => new[] { "haproxy-config-" + host, "haproxy-service-" + host, "haproxy-verify-" + host }).Order(),
            changed);
        Assert.All(
            Hosts,
            host => Assert.Contains("timeout client 30m", after.Command("haproxy-config-" + host).Text("stdin"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_parameter_of_PostgreSQL_changes_Patroni_only()
    {
        var before = await Three.Value;
        var after = await StackRun.OfAsync(Yaml.With("postgres", "{ parameters: { work_mem: 32MB } }"));

        Assert.All(Changed(before, after), static name => Assert.Matches("^(patroni|postgres-try)-", name));
        Assert.All(
            new[] { "patroni-configure-db1", "patroni-renew-db3", "patroni-reconcile-db1" },
            name => Assert.Contains("work_mem: '32MB'\n", after.Command(name).Text("stdin"), StringComparison.Ordinal));
        Assert.Contains("\"work_mem\":\"32MB\"", after.Command("postgres-try-db2").Text("stdin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_reloads_those_who_have_read_the_certificate_and_nothing_else()
    {
        var before = await Three.Value;
        var sameDay = await StackRun.OfAsync(Yaml.Element(Yaml.Base()), StackRun.Now.AddMinutes(5));
        var after = await StackRun.OfAsync(Yaml.Element(Yaml.Base()), StackRun.Now.AddDays(60));

        Assert.Empty(Changed(before, sameDay));
        Assert.Equal(
            new[]
            {
                "certificate-ended-", "certificates-postgres-", "etcd-certificate-", "haproxy-service-", "patroni-service-",
                "pgbouncer-service-",
            }
                .SelectMany(static step => Hosts.Select(host => step + host)),
            Changed(before, after));
        Assert.All(
            Hosts,
            host => Assert.All(
                ["haproxy-service-", "patroni-service-", "pgbouncer-service-"],
                service => Assert.Contains(
                    "--reload /etc/postgres-ha/tls/postgres.crt", after.Command(service + host).Text("create"), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Each_host_has_a_certificate_of_its_own_names_and_the_virtual_IP()
    {
        var run = await StackRun.OfAsync(Yaml.With("tls", "{ names: [db.example.org] }"));

        using var certificate = X509Certificate2.CreateFromPem(run.Command("certificates-postgres-db2").Text("stdin"));
        Assert.All(
            ["db2", "db.example.org", "localhost", "10.0.12.4", "10.0.12.10", "127.0.0.1"],
            name => Assert.True(certificate.MatchesHostname(name), name));
        Assert.All(["db1", "10.0.12.9"], name => Assert.False(certificate.MatchesHostname(name), name));
        Assert.All(Hosts, host => Assert.Equal(
            run.Command("certificates-authority-db1").Text("stdin"), run.Command("certificates-authority-" + host).Text("stdin")));
    }

    [Theory]
    [InlineData("clients=unknown", "clients=required", false)]
    [InlineData("clients=unknown", "clients=unknown", false)]
    // A host that was replaced since knows nothing of it.
    [InlineData("clients=unknown", "clients=optional", true)]
    public async Task Clients_without_TLS_are_let_in_where_they_are_today_until_the_stack_file_says_otherwise(
        string one, string other, bool areLetIn)
    {
        Dictionary<string, string> answers = new()
        {
            ["certificate-clients-db1"] = one,
            ["certificate-clients-db2"] = other,
            ["certificate-clients-db3"] = one,
        };
        var silent = await StackRun.OfAsync(Yaml.Element(Yaml.Base()), answers);
        var told = await StackRun.OfAsync(Yaml.With("tls", "{ clients: required }"), answers);

        Assert.All(Hosts, host => Assert.Equal(
            areLetIn,
            silent.Command("patroni-config-" + host).Text("stdin").Contains("- host all all ", StringComparison.Ordinal)));
        Assert.All(Hosts, host => Assert.Equal(
            areLetIn,
            silent.Command("pgbouncer-config-" + host).Text("stdin").Contains("client_tls_sslmode = prefer", StringComparison.Ordinal)));
        Assert.Contains("\"ssl\":\"on\"", silent.Command("postgres-try-db1").Text("stdin"), StringComparison.Ordinal);
        Assert.DoesNotContain("- host all all ", told.Command("patroni-config-db1").Text("stdin"), StringComparison.Ordinal);
        Assert.DoesNotContain(told.Commands, static command => command.Name.StartsWith("certificate-clients-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_TLS_nobody_reads_a_certificate()
    {
        var run = await StackRun.OfAsync(Yaml.With(
            ("tls", Yaml.Parse("{ clients: off }")), ("etcd.tls", Yaml.Parse("false")), ("patroni.apiTls", Yaml.Parse("false"))));

        Assert.All(
            run.Commands.Where(static command => command.Name.Contains("-service-", StringComparison.Ordinal)),
            static command => Assert.DoesNotContain("/tls/", command.Text("create") + command.Text("stdin"), StringComparison.Ordinal));
        Assert.DoesNotContain("ssl", run.Command("postgres-try-db1").Text("stdin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_build_is_known_to_whoever_restarts_PostgreSQL()
    {
        var run = await Three.Value;

        var stdin = run.Command("patroni-reconcile-db1").Text("stdin");

        Assert.All(
            Hosts, host => Assert.Contains($"{host}: 1764212345 # stdout-of-postgres-install-{host}\n", stdin, StringComparison.Ordinal));
        // Its parameters are tried with it.
        Assert.Contains("stdout-of-postgres-install-db2", run.Command("postgres-try-db2").Text("stdin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_host_knows_the_oldest_PgBouncer()
    {
        var run = await Three.Value;

        Assert.All(
            Hosts,
            host =>
                Assert.Contains(
                    "\"pgbouncer\":[\"1.24.1\"]", run.Command("patroni-roles-" + host).Text("stdin"), StringComparison.Ordinal));
        Assert.All(Hosts, host => Assert.True(run.WaitsFor("patroni-roles-db1", "pgbouncer-version-" + host)));
    }

    [Fact]
    public async Task A_raised_reapply_runs_everything_again()
    {
        var before = await Three.Value;
        var after = await StackRun.OfAsync(Yaml.With(("reapply", 1)));

        var untouched = before.Commands.Select(command => command.Name).Except(Changed(before, after));

        Assert.Equal(Hosts.Select(host => "host-preflight-" + host).Order(), untouched.Order());
    }

    [Fact]
    public async Task Five_hosts_with_three_members_of_etcd()
    {
        var run = await StackRun.OfAsync(Yaml.With(
            ("hosts[3]", Host("db4", "10.0.12.21")),
            ("hosts[4]", Host("db5", "10.0.12.22"))));

        Assert.Equal(
            ["etcd-service-db1", "etcd-service-db2", "etcd-service-db3"],
            run.Commands.Select(command => command.Name).Where(name => name.StartsWith("etcd-service-", StringComparison.Ordinal)).Order());
        Assert.Equal(5, run.Commands.Count(command => command.Name.StartsWith("patroni-service-", StringComparison.Ordinal)));

        static System.Text.Json.Nodes.JsonNode Host(string name, string address) =>
            Yaml.Parse($"{{ name: {name}, address: {address}, etcd: false, hostKey: {TemporaryProject.HostKey} }}")!;
    }

    [Fact]
    public async Task A_wrong_configuration_registers_nothing()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => StackRun.OfAsync(Yaml.With("patroni", "{ ttl: 20, loopWait: 10 }")));

        Assert.Contains("postgres-ha:cluster.patroni.ttl", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_private_key_that_nobody_can_use_reaches_no_host()
    {
        const string Encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";

        var error = await Assert.ThrowsAnyAsync<Exception>(() => StackRun.OfAsync(Yaml.With(("ssh", null)), ("sshPrivateKey", Encrypted)));

        Assert.Contains("The secret postgres-ha:sshPrivateKey has a passphrase", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty((await StackRun.OfAsync(Yaml.With(("ssh", null)), ("sshPrivateKey", TemporaryProject.PrivateKey))).Commands);
    }

    [Fact]
    public async Task Passwords_of_the_users_own_reach_their_files_quoted()
    {
        const string Password = "a\"b #$(id)`\\ =";
        var run = await StackRun.OfAsync(
            Yaml.With(),
            [.. SecretCatalogue.All.Select(static secret => (secret.Key, secret.LeastLength == 1 ? Password : new string('x', 48)))]);

        Assert.Equal("\"pgbouncer\" \"a\"\"b #$(id)`\\ =\"\n", run.Command("pgbouncer-users-db1").Text("stdin"));
        Assert.Contains(
            "user admin insecure-password 'a\"b #$(id)`\\ ='\n", run.Command("haproxy-users-db2").Text("stdin"), StringComparison.Ordinal);
        Assert.Contains(
            "ETCDCTL_USER=\"root:a\\\"b #\\$(id)\\`\\\\ =\"\n",
            run.Command("etcd-credentials-db3").Text("stdin"),
            StringComparison.Ordinal);
        Assert.Contains(
            "PATRONI_REWIND_PASSWORD=\"a\\\"b #\\$(id)\\`\\\\ =\"\n",
            run.Command("patroni-secrets-db1").Text("stdin"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passwords_are_made_anew_when_they_are_told_to_and_an_authority_with_its_number()
    {
        var run = await StackRun.OfAsync(Yaml.With("passwords", "{ rotate: 3 }"));
        var application = await StackRun.OfAsync(Yaml.With("passwords", "{ rotateApplication: 1 }"));

        Assert.Empty(Rotated(await Three.Value));
        Assert.Equal(
            SecretCatalogue.All.Where(static secret => secret != SecretCatalogue.Application && !secret.IsSeed)
                .Select(static secret => $"password-{secret.Name} 3").Order(),
            Rotated(run));
        Assert.Equal(["password-application 1"], Rotated(application));
        foreach (var (authorities, made) in new[]
        {
            ("[1]", "password-authoritySeed"), ("[2, 1]", "password-authoritySeed, password-evenAuthoritySeed 1"),
            ("[2]", "password-evenAuthoritySeed 1"), ("[3, 2]", "password-authoritySeed 2, password-evenAuthoritySeed 1"),
        })
        {
            var seeds = await StackRun.OfAsync(Yaml.With("tls", $"{{ authorities: {authorities} }}"));
            Assert.Equal(made, string.Join(", ", seeds.Resources.Where(static one => one.Name.EndsWith("Seed", StringComparison.Ordinal)
                || one.Name.EndsWith("authoritySeed", StringComparison.Ordinal)).Select(one => one.Holds("keepers")
                    ? Rotated(seeds).Single(line => line.StartsWith(one.Name + " ", StringComparison.Ordinal))
                    : one.Name).Order()));
        }

        // Who still comes with the former one is another user of etcd's.
        Assert.All(Hosts, host => Assert.Contains(
            "\nPATRONI_ETCD3_USERNAME=patroni-odd\n", run.Command("patroni-secrets-" + host).Text("stdin"), StringComparison.Ordinal));
        Assert.Contains(" /db/ patroni-odd https:", run.Command("etcd-auth-db1").Text("create"), StringComparison.Ordinal);
        Assert.Contains("--forget patroni https:", run.Command("etcd-forget-user-db1").Text("create"), StringComparison.Ordinal);

        static IEnumerable<string> Rotated(StackRun run) => run.Resources.Where(static one => one.Holds("keepers"))
            .Select(static one => $"{one.Name} {((ImmutableDictionary<string, object>)one.Inputs["keepers"])["rotate"]}").Order();
    }

    [Theory]
    [InlineData("superuserPassword", "", "is empty")]
    [InlineData("etcdRootPassword", "two\nlines", "several lines")]
    [InlineData("statisticsPassword", "e\u0301", "SASLprep")]
    [InlineData("authoritySeed", "short", "shorter than 48 characters")]
    [InlineData("ownAuthority", "x", "holds no private key")]
    [InlineData("supeuserPassword", "x", "did you mean superuserPassword?")]
    public async Task A_wrong_secret_registers_nothing(string key, string value, string problem)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => StackRun.OfAsync(Yaml.With(), (key, value)));

        Assert.Contains($"postgres-ha:{key}: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(problem, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("nothing was touched", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_to_be_brought_and_is_not_registers_nothing()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => StackRun.OfAsync(Yaml.With("tls", "{ authorities: [1, own] }")));

        Assert.Contains(
            "postgres-ha:ownAuthority: is not set, and tls.authorities names own; set it with pulumi config set --secret ownAuthority <",
            error.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("nothing was touched", error.ToString(), StringComparison.Ordinal);
    }

    private static List<string> Changed(StackRun before, StackRun after) =>
    [
        .. after.Commands
            .Where(command => before.Commands.Single(other => other.Name == command.Name) is var other
                && !JsonSerializer.Serialize(other.Inputs).Equals(JsonSerializer.Serialize(command.Inputs), StringComparison.Ordinal))
            .Select(command => command.Name)
            .Order(),
    ];
}
