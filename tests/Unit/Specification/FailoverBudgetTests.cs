using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The failover budget, term by term, for several timings.</summary>
public sealed class FailoverBudgetTests
{
    [Theory]
    [InlineData("leader-host-lost", 32.75)] // election 2 + lock 21 + scan 0.5 + loop 3 + members 2 + promotion 2 + check 0.25 + timeout 2
    [InlineData("postgres-crashed", 74.25)] // loop 3 + restart 60 + 3 + 2 + 2 + 1.25 + 2 + login 1
    [InlineData("patroni-stopped", 15.25)] // shutdown 5 + 3 + 2 + 2 + 1.25 + 2
    [InlineData("switchover", 13.25)] // shutdown 5 + 3 + 2 + 1.25 + 2
    [InlineData("vip-holder-lost", 1.0828125)] // 3 × 0.3 + 0.3 × (256 − 100) / 256
    [InlineData("haproxy-stopped", 5.0828125)] // 1 × 1 + 3 + 1.0828125
    public void Of_the_defaults(string scenario, double seconds) => Assert.Equal(seconds, Total(scenario), 6);

    [Theory]
    [InlineData("leader-host-lost", "patroni.ttl", "40", 52.75)]
    [InlineData("leader-host-lost", "patroni.loopWait", "4", 33.75)]
    [InlineData("leader-host-lost", "etcd.electionTimeout", "2s", 35.75)]
    [InlineData("leader-host-lost", "haproxy.checkTimeout", "1s", 31.75)]
    [InlineData("leader-host-lost", "haproxy.checkRise", "3", 33.25)]
    [InlineData("postgres-crashed", "patroni.primaryStartTimeout", "0", 14.25)]
    [InlineData("postgres-crashed", "pgbouncer.serverLoginRetry", "15", 88.25)]
    [InlineData("vip-holder-lost", "vip.advertisementInterval", "2", 7.21875)]
    [InlineData("haproxy-stopped", "vip.checkFall", "4", 8.0828125)]
    [InlineData("switchover", "patroni.synchronous", "strict", 18.75)] // 2 pause + 3 loop + 0.5 retry
    [InlineData("patroni-stopped", "patroni.synchronous", "quorum", 18.75)]
    [InlineData("vip-holder-lost", "patroni.synchronous", "on", 9.0828125)] // 5 replica gone + 3 loop
    [InlineData("vip-holder-lost", "patroni.synchronous", "quorum", 1.0828125)]
    [InlineData("patroni-stopped", "patroni.ttl", "60", 15.25)]
    public void Follows_the_timing(string scenario, string path, string value, double seconds) =>
        Assert.Equal(seconds, Total(scenario, (path, Yaml.Parse(value))), 6);

    [Theory]
    [InlineData("replica-lost", "{ wal_sender_timeout: 30s }", 33)] // 30 replica gone + 3 loop
    [InlineData("replica-lost", "{ wal_sender_timeout: 30000 }", 33)]
    [InlineData("replica-lost", "{ wal_sender_timeout: 1min }", 63)]
    [InlineData("replica-lost", "{ wal_sender_timeout: 0 }", 927.6)] // TCP's own
    [InlineData("vip-holder-lost", "{ wal_sender_timeout: 2s }", 6.0828125)]
    [InlineData("switchover", "{ wal_retrieve_retry_interval: 5s }", 23.25)] // 13.25 + 2 pause + 3 loop + 5 retry
    public void Follows_the_parameters_of_PostgreSQL(string scenario, string parameters, double seconds) =>
        Assert.Equal(seconds, Total(scenario, ("patroni.synchronous", "on"), ("postgres.parameters", Yaml.Parse(parameters))), 6);

    [Fact]
    public void Each_term_has_a_name_and_says_where_it_comes_from()
    {
        var scenarios = FailoverBudget.Of(Yaml.Valid(Yaml.With()));

        Assert.Equal(scenarios.Count, scenarios.DistinctBy(scenario => scenario.Name).Count());
        Assert.All(scenarios.SelectMany(scenario => scenario.Terms), term =>
        {
            Assert.NotEmpty(term.Name);
            Assert.NotEmpty(term.Formula);
            Assert.True(term.Time >= TimeSpan.Zero);
        });
    }

    [Fact]
    public void Reads_as_one_line() => Assert.Equal(
        "A switchover is asked for: 13.25 s = 5 s clean shutdown + 3 s candidate takes the lock + 2 s promotion + 1.25 s HAProxy changes "
        + "over + 2 s check in progress gives up",
        FailoverBudget.Of(Yaml.Valid(Yaml.With())).Single(scenario => scenario.Name == "switchover").ToString());

    private static double Total(string scenario, params (string Path, JsonNode? Value)[] changes) =>
        FailoverBudget.Of(Yaml.Valid(Yaml.With(changes))).Single(candidate => candidate.Name == scenario).Total.TotalSeconds;
}
