using PostgresHa.Cli.Drills;
using static PostgresHa.Tests.Cli.Drills.Samples;

namespace PostgresHa.Tests.Cli.Drills;

public sealed class ChronicleTests
{
    private static readonly HostSample[] Failover =
    [
        Asked("mdw", 900, true, 1), Asked("standby", 900, false), Asked("mdw", 1200, null), Asked("standby", 2000, false),
        Asked("standby", 2200, true, 2),
    ];

    [Fact]
    public void A_failover_is_told_in_order()
    {
        var events = Chronicle.Of(
            "mdw", Ms(1000), Failover, [("mdw", Ms(10), true), ("mdw", Ms(1100), false), ("standby", Ms(1900), true)],
            new Gap(Ms(990), Ms(2400), true));
        Assert.Equal(["leader lost", "VIP moved", "elected", "first write"], events.Select(static one => one.Name));
        Assert.Equal(["mdw does not answer", "standby", "standby", ""], events.Select(static one => one.Detail));
    }

    [Fact]
    public void A_leader_that_stays_is_neither_lost_nor_elected() =>
        Assert.Empty(Chronicle.Of(
            "mdw",
            Ms(1000),
            [Asked("mdw", 900, true, 1), Asked("mdw", 1100, true, 1)],
            [("mdw", Ms(10), true)],
            new Gap(Ms(1000), Ms(1030), true)));

    [Fact]
    public void A_restart_in_place_is_a_loss_and_no_election()
    {
        var events = Chronicle.Of(
            "mdw",
            Ms(1000),
            [Asked("mdw", 900, true, 1), Asked("mdw", 1100, null), Asked("mdw", 1900, true, 1)],
            [],
            new Gap(Ms(1000), Ms(1950), true));
        Assert.Equal(["leader lost", "first write"], events.Select(static one => one.Name));
    }
}
