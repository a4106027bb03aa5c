using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class PgBouncerTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    private static readonly ClusterSpecification Optional = Yaml.Valid(Yaml.With("tls.clients", "optional"));

    private static readonly ClusterSpecification Rhel = Yaml.Valid(Yaml.With(
        ("hostDefaults.system", "rhel"),
        ("ports", Yaml.Parse("{ pgbouncer: 6433, postgres: 5433 }")),
        ("pgbouncer", Yaml.Parse("{ poolMode: session, maxClientConnections: 5000, serverLoginRetry: 3s }"))));

    [Fact]
    public void Configuration_by_default() => Snapshot.Matches("pgbouncer.default.ini", PgBouncerFiles.Config(Default, Default.Hosts[0]));

    [Fact]
    public void Configuration_with_other_values() => Snapshot.Matches("pgbouncer.rhel.ini", PgBouncerFiles.Config(Rhel, Rhel.Hosts[1]));

    [Fact]
    public void Unit_on_Debian() => Snapshot.Matches("pgbouncer.debian.service", PgBouncerFiles.Unit(Default, Default.Hosts[0]));

    [Fact]
    public void Unit_on_RHEL_finds_the_binary_elsewhere_and_fits_its_connections()
    {
        var unit = PgBouncerFiles.Unit(Rhel, Rhel.Hosts[0]);
        Assert.Contains("ExecStart=/usr/bin/pgbouncer /etc/pgbouncer/pgbouncer.ini\n", unit, StringComparison.Ordinal);
        Assert.Contains($"LimitNOFILE={PgBouncerFiles.OpenFiles(Rhel)}\n", unit, StringComparison.Ordinal);
        Assert.True(PgBouncerFiles.OpenFiles(Rhel) > 5000 + Rhel.PgBouncer.MaxDatabaseConnections);
    }

    [Fact]
    public void Password_stands_in_the_file_of_users_only()
    {
        Assert.Equal("\"pgbouncer\" \"abc123\"\n", PgBouncerFiles.UserList("abc123"));
        Assert.Contains(
            "auth_file = /etc/pgbouncer/userlist.txt\n", PgBouncerFiles.Config(Default, Default.Hosts[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Lookup_function_tells_nobody_else_and_no_superuser()
    {
        var sql = PgBouncerFiles.AuthSql();
        Assert.Contains($"FUNCTION {DatabaseRoles.PgBouncerLookup}(text) FROM PUBLIC", sql, StringComparison.Ordinal);
        Assert.Contains("NOT rolsuper AND NOT rolreplication", sql, StringComparison.Ordinal);
        Assert.Contains("SET search_path = pg_catalog, pg_temp", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_reached_by_the_hosts_proxies_only() => Assert.Equal(
        [(6432, Audience.Peers)],
        PgBouncer.Declaration.Endpoints(Default, Default.Hosts[0]).Select(static endpoint => (endpoint.Port, endpoint.Audience)));

    [Theory]
    [InlineData("[options]")]
    [InlineData("[extra_float_digits, options]")]
    [InlineData("[options, search_path, statement_timeout]")]
    public void No_list_of_ignored_parameters_can_be_looked_through_for_ever(string list)
    {
        var cluster = Yaml.Valid(Yaml.With("pgbouncer.ignoreStartupParameters", list));
        var ignored = PgBouncerFiles.Config(cluster, cluster.Hosts[0]).Split('\n')
            .Single(static line => line.StartsWith("ignore_startup_parameters = ", StringComparison.Ordinal))
            ["ignore_startup_parameters = ".Length..];
        // PgBouncer's search for an empty name ends only where a separator is followed by another or by the end.
        Assert.True(ignored.Contains(", ", StringComparison.Ordinal) || ignored.EndsWith(','), ignored);
        Assert.Contains("options", ignored.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Clients_whose_parameters_are_not_to_be_dropped_are_refused() => Assert.DoesNotContain(
        "ignore_startup_parameters",
        PgBouncerFiles.Config(Yaml.Valid(Yaml.With("pgbouncer.ignoreStartupParameters", "[]")), Default.Hosts[0]),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{ poolMode: transaction }", "1.16, 1.21 wished")]
    [InlineData("{ maxPreparedStatements: 200 }", "1.16, 1.21")]
    [InlineData("{ maxPreparedStatements: 50, poolMode: statement }", "1.16, 1.21")]
    [InlineData("{ maxPreparedStatements: 0 }", "1.16")]
    [InlineData("{ maxPreparedStatements: 50, poolMode: session }", "1.16")]
    public void One_without_prepared_statements_is_refused_only_where_they_are_asked_for(string pgbouncer, string expected) => Assert.Equal(
        expected,
        string.Join(
            ", ",
            PgBouncerFiles.Package(Yaml.Valid(Yaml.With("pgbouncer", pgbouncer)), Default.Hosts[0]).Least
                .Select(static least => least.Version + (least.Lacks is null ? "" : " wished"))));

    [Fact]
    public void An_older_one_will_do_where_there_is_no_TLS() => Assert.Equal(
        "1.14", PgBouncerFiles.Package(Yaml.Valid(Yaml.With("tls.clients", "\"off\"")), Default.Hosts[0]).Least[0].Version);

    [Theory]
    [InlineData("required", "require", "verify-full")]
    [InlineData("optional", "prefer", "prefer")]
    [InlineData("\"off\"", "disable", "disable")]
    public void Both_sides_have_TLS_as_it_is_asked_for(string clients, string client, string server)
    {
        var text = PgBouncerFiles.Config(Yaml.Valid(Yaml.With("tls.clients", clients)), Default.Hosts[0]);

        Assert.Contains($"client_tls_sslmode = {client}\n", text, StringComparison.Ordinal);
        Assert.Contains($"server_tls_sslmode = {server}\n", text, StringComparison.Ordinal);
    }

    [ProgramFact("pgbouncer")]
    public async Task PgBouncer_takes_nobody_without_TLS_unless_that_is_optional()
    {
        using var server = await RunningPgBouncer.StartAsync(PgBouncerFiles.Config(Default, Default.Hosts[0]));

        Assert.Contains("SSL required", await server.AnswerAsync(), StringComparison.Ordinal);
    }

    [ProgramFact("pgbouncer")]
    public async Task Which_certificate_clients_are_shown_is_compared_with_the_file()
    {
        using var server = await RunningPgBouncer.StartAsync(PgBouncerFiles.Config(Default, Default.Hosts[0]));
        using var without = await RunningPgBouncer.StartAsync(
            PgBouncerFiles.Config(Yaml.Valid(Yaml.With("tls.clients", "\"off\"")), Default.Hosts[0]));
        var renewed = new CertificateAuthority("orders", "seed").Sign(
            SampleRequest.Request, ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow.AddDays(CertificatePeriod.Step));

        Assert.Equal("None", server.Judge(server.Certificate));
        Assert.Contains("is shown another certificate, not that of ", server.Judge(renewed), StringComparison.Ordinal);
        Assert.Contains("is shown another certificate, not none", server.Judge(null), StringComparison.Ordinal);
        Assert.Contains("is shown no certificate, not that of ", without.Judge(renewed), StringComparison.Ordinal);
        Assert.Equal("None", without.Judge(null));
    }

    [ProgramFact("pgbouncer")]
    public async Task PgBouncer_lets_a_client_in_with_what_is_ignored_and_goes_on_after_one_that_would_make_it_loop()
    {
        using var server = await RunningPgBouncer.StartAsync(PgBouncerFiles.Config(Optional, Default.Hosts[0]));
        await GoesOnAsync(("options", "-c statement_timeout=5s -c search_path=app"));
        foreach (var name in Default.PgBouncer.IgnoreStartupParameters.Where(static name => name != "options"))
        {
            await GoesOnAsync((name, "1"));
        }

        Assert.Contains("unsupported startup parameter", await server.AnswerAsync(("work_mem", "1GB")), StringComparison.Ordinal);
        await server.AnswerAsync(("options", "-c="));
        await GoesOnAsync();

        // There is neither a database nor a PostgreSQL, so each is refused in the end; what is unsupported is said first.
        async Task GoesOnAsync(params (string, string)[] parameters)
        {
            var answer = await server.AnswerAsync(parameters);
            Assert.StartsWith("E", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("unsupported", answer, StringComparison.Ordinal);
        }
    }
}
