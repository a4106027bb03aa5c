using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Profiles of timings.</summary>
public sealed class ProfileTests
{
    [Theory]
    [InlineData("fast", 20, 2, 0.2)]
    [InlineData("normal", 20, 3, 0.3)]
    [InlineData("wide-network", 60, 10, 1)]
    public void A_profile_sets_what_is_not_stated(string profile, double ttl, double loop, double advertisement)
    {
        var cluster = Yaml.Valid(Yaml.With("profile", profile));

        Assert.Equal(
            (ttl, loop, advertisement),
            (cluster.Patroni.Ttl.TotalSeconds, cluster.Patroni.LoopWait.TotalSeconds, cluster.Vip.AdvertisementInterval.TotalSeconds));
    }

    [Fact]
    public void A_single_value_goes_over_it()
    {
        var cluster = Yaml.Valid(Yaml.With(("profile", "wide-network"), ("patroni.ttl", 75)));

        Assert.Equal((75.0, 20.0), (cluster.Patroni.Ttl.TotalSeconds, cluster.Patroni.RetryTimeout.TotalSeconds));
    }

    [Fact]
    public void Nothing_stated_is_normal() => Assert.Equal(TimingProfile.Normal, Yaml.Valid(Yaml.With()).Profile);

    [Theory]
    [InlineData(TimingProfile.Fast)]
    [InlineData(TimingProfile.Normal)]
    [InlineData(TimingProfile.WideNetwork)]
    public void Each_value_of_a_profile_is_one_there_is(TimingProfile profile) =>
        Assert.Subset(KeyTable.All.Select(static key => key.Path).ToHashSet(), Profiles.Of(profile).Keys.ToHashSet());

    [Fact]
    public void A_faster_profile_promises_no_more_time_for_anything()
    {
        Assert.All(
            Budgets("fast").Zip(Budgets("normal"), Budgets("wide-network")),
            static totals => Assert.True(totals.First < totals.Second && totals.Second < totals.Third, totals.ToString()));

        static IEnumerable<TimeSpan> Budgets(string profile) =>
            FailoverBudget.Of(Yaml.Valid(Yaml.With("profile", profile))).Select(static scenario => scenario.Total);
    }

    [Fact]
    public void A_value_that_does_not_fit_its_profile_is_refused()
    {
        var result = Yaml.Read(Yaml.With(("profile", "wide-network"), ("patroni.ttl", 40)));

        Assert.Contains(
            "40 is less than loop_wait + 2 × retry_timeout (50 s)", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
    }
}
