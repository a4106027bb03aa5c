using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The failover budget, term by term, for several timings.</summary>
public sealed class FailoverBudgetTests
{
    [Theory]
    [InlineData("leader-host-lost", 53)] // election 2 + lock 31 + scan 0.5 + loop 10 + members 2 + promotion 2 + check 0.5 + timeout 5
    [InlineData("postgres-crashed", 330.5)] // loop 10 + restart 300 + 10 + 2 + 2 + 0.5 + 5 + login 1
    [InlineData("patroni-stopped", 24.5)] // shutdown 5 + 10 + 2 + 2 + 0.5 + 5
    [InlineData("switchover", 22.5)] // shutdown 5 + 10 + 2 + 0.5 + 5
    [InlineData("vip-holder-lost", 3.609375)] // 3 × 1 + (256 − 100) / 256
    [InlineData("haproxy-stopped", 8.609375)] // 2 × 1 + 3 + 3.609375
    public void Of_the_defaults(string scenario, double seconds) => Assert.Equal(seconds, Total(scenario), 6);

    [Theory]
    [InlineData("leader-host-lost", "patroni.ttl", "40", 63)]
    [InlineData("leader-host-lost", "patroni.loopWait", "5", 48)]
    [InlineData("leader-host-lost", "etcd.electionTimeout", "2s", 56)]
    [InlineData("leader-host-lost", "haproxy.checkTimeout", "1s", 49)]
    [InlineData("leader-host-lost", "haproxy.checkRise", "3", 54)]
    [InlineData("postgres-crashed", "patroni.primaryStartTimeout", "0", 30.5)]
    [InlineData("postgres-crashed", "pgbouncer.serverLoginRetry", "15", 344.5)]
    [InlineData("vip-holder-lost", "vip.advertisementInterval", "2", 7.21875)]
    [InlineData("haproxy-stopped", "vip.checkFall", "4", 10.609375)]
    [InlineData("patroni-stopped", "patroni.ttl", "60", 24.5)]
    public void Follows_the_timing(string scenario, string path, string value, double seconds) =>
        Assert.Equal(seconds, Total(scenario, (path, Yaml.Parse(value))), 6);

    [Fact]
    public void Each_term_has_a_name_and_says_where_it_comes_from()
    {
        IReadOnlyList<FailoverScenario> scenarios = FailoverBudget.Of(Yaml.Valid(Yaml.With()));

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
        "A switchover is asked for: 22.5 s = 5 s clean shutdown + 10 s candidate takes the lock + 2 s promotion + 500 ms HAProxy checks the new leader + 5 s check in progress gives up",
        FailoverBudget.Of(Yaml.Valid(Yaml.With())).Single(scenario => scenario.Name == "switchover").ToString());

    private static double Total(string scenario, params (string Path, JsonNode? Value)[] changes) =>
        FailoverBudget.Of(Yaml.Valid(Yaml.With(changes))).Single(candidate => candidate.Name == scenario).Total.TotalSeconds;
}
