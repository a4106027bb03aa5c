using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The weight of keepalived's check always exceeds the gap between priorities.</summary>
public sealed class VrrpPlanTests
{
    [Theory]
    [InlineData(100, 100, 100, 0)]
    [InlineData(101, 100, 100, 1)]
    [InlineData(254, 11, 100, 243)]
    [InlineData(150, 50, 11, 139)]
    public void A_failing_host_falls_below_every_other(int first, int second, int third, int gap)
    {
        var cluster = Yaml.Valid(
            Yaml.With(("hosts[0].priority", first), ("hosts[1].priority", second), ("hosts[2].priority", third)));

        Assert.Equal(gap, VrrpPlan.PriorityGap(cluster));
        var weight = VrrpPlan.Weight(cluster);
        foreach (var failing in cluster.VrrpHosts)
        {
            var lowered = Math.Max(1, failing.Priority + weight);
            Assert.All(cluster.VrrpHosts.Where(host => host != failing), healthy => Assert.True(lowered < healthy.Priority));
        }
    }

    [Fact]
    public void Hosts_outside_VRRP_do_not_count()
    {
        var cluster = Yaml.Valid(Yaml.With(("hosts[2].priority", 1), ("hosts[2].vrrp", false)));

        Assert.Equal(0, VrrpPlan.PriorityGap(cluster));
        Assert.Equal(-VrrpPlan.Margin, VrrpPlan.Weight(cluster));
    }
}
