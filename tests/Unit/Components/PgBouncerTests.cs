using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class PgBouncerTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

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
        string unit = PgBouncerFiles.Unit(Rhel, Rhel.Hosts[0]);
        Assert.Contains("ExecStart=/usr/bin/pgbouncer /etc/pgbouncer/pgbouncer.ini\n", unit, StringComparison.Ordinal);
        Assert.Contains($"LimitNOFILE={PgBouncerFiles.OpenFiles(Rhel)}\n", unit, StringComparison.Ordinal);
        Assert.True(PgBouncerFiles.OpenFiles(Rhel) > 5000 + Rhel.PgBouncer.MaxDatabaseConnections);
    }

    [Fact]
    public void Password_stands_in_the_file_of_users_only()
    {
        Assert.Equal("\"pgbouncer\" \"abc123\"\n", PgBouncerFiles.UserList("abc123"));
        Assert.Contains("auth_file = /etc/pgbouncer/userlist.txt\n", PgBouncerFiles.Config(Default, Default.Hosts[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Lookup_function_tells_nobody_else_and_no_superuser()
    {
        string sql = PgBouncerFiles.AuthSql();
        Assert.Contains($"FUNCTION {DatabaseRoles.PgBouncerLookup}(text) FROM PUBLIC", sql, StringComparison.Ordinal);
        Assert.Contains("NOT rolsuper AND NOT rolreplication", sql, StringComparison.Ordinal);
        Assert.Contains("SET search_path = pg_catalog, pg_temp", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_reached_by_the_hosts_proxies_only() => Assert.Equal(
        [(6432, PortAudience.Peers)],
        PgBouncer.Definition.Ports(Default, Default.Hosts[0]).Select(static port => (port.Port, port.Audience)));
}
