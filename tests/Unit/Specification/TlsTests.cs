using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>TLS is on unless one explicit line switches it off, and that line is warned of.</summary>
public sealed class TlsTests
{
    [Fact]
    public void Clients_need_it_by_default() => Assert.Equal(TlsClients.Required, Yaml.Valid(Yaml.With()).Tls.ClientsOfNew);

    [Theory]
    [InlineData("off")]
    [InlineData("\"off\"")]
    public void Off_is_warned_of(string off)
    {
        var result = Yaml.Read(Yaml.With("tls", $"{{ clients: {off} }}"));

        Assert.Equal(TlsClients.Off, result.Specification!.Tls.Clients);
        var warning = Assert.Single(result.Warnings);
        Assert.Equal("postgres-ha:cluster.tls.clients", warning.Path);
        Assert.Contains("in clear", warning.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("haproxy.statisticsTls", "false", "password cross the network in clear")]
    [InlineData("etcd.tls", "false", "the leader's lock, cross the network between the hosts in clear")]
    [InlineData("patroni.apiTls", "false", "HAProxy believe whoever answers at a member's address")]
    [InlineData("firewall.mode", "disabled", "open to whoever reaches the hosts")]
    public void So_is_what_else_opens_something(string key, string value, string problem)
    {
        var warning = Assert.Single(Yaml.Read(Yaml.With(key, value)).Warnings);

        Assert.Equal("postgres-ha:cluster." + key, warning.Path);
        Assert.Contains(problem, warning.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "1")]
    [InlineData("[7, 8]", "7 8")]
    [InlineData("[8, 7]", "8 7")]
    [InlineData("[own]", "0")]
    [InlineData("[own, 3]", "0 3")]
    [InlineData("[own, own]", null)]
    [InlineData("[own, 3, 4]", null)]
    [InlineData("[]", null)]
    [InlineData("[0]", null)]
    [InlineData("[\"01\"]", null)]
    [InlineData("[first]", null)]
    [InlineData("[1000]", null)]
    [InlineData("[1, 1]", null)]
    [InlineData("[1, 3]", null)]
    [InlineData("[1, 2, 3]", null)]
    public void Authorities_are_one_or_two_that_follow_each_other(string given, string? numbers)
    {
        var result = Yaml.Read(Yaml.With("tls", $"{{ authorities: {given} }}"));

        if (numbers is null)
        {
            Assert.Equal("postgres-ha:cluster.tls.authorities", Assert.Single(result.Errors).Path);
        }
        else
        {
            Assert.Equal(numbers, string.Join(' ', result.Specification!.Tls.AuthorityNumbers));
        }
    }

    [Fact]
    public void Without_it_PostgreSQL_need_not_know_it() =>
        Yaml.Valid(Yaml.With(("tls", Yaml.Parse("{ clients: off }")), ("postgres", Yaml.Parse("{ configureFlags: [--with-icu] }"))));

    [Fact]
    public void Names_of_clients_are_taken() =>
        Assert.Equal(["db.example.org", "db"], Yaml.Valid(Yaml.With("tls", "{ names: [db.example.org, db] }")).Tls.Names);
}
