using PostgresHa.Cli.Drills;
using static PostgresHa.Tests.Cli.Drills.Samples;

namespace PostgresHa.Tests.Cli.Drills;

public sealed class GapsTests
{
    [Fact]
    public void The_longest_time_between_two_successes_counts()
    {
        var gap = Gaps.Longest([Written(100), Written(200), Failed(900), Written(1700), Written(1800)], Ms(150), Ms(2000));
        Assert.Equal(Ms(1500), gap.Length);
        Assert.Equal((Ms(200), Ms(1700), true), (gap.From, gap.To, gap.Closed));
    }

    [Fact]
    public void A_gap_that_began_before_the_fault_counts_from_the_last_success() =>
        Assert.Equal(Ms(1900), Gaps.Longest([Written(100), Written(2000)], Ms(1000), Ms(2100)).Length);

    [Fact]
    public void An_outage_that_nothing_ended_is_as_long_as_the_window_and_open()
    {
        var gap = Gaps.Longest([Written(100), Failed(500)], Ms(0), Ms(5000));
        Assert.Equal(Ms(4900), gap.Length);
        Assert.False(gap.Closed);
    }

    [Fact]
    public void An_outage_that_outlasts_the_window_is_measured_to_its_end()
    {
        var gap = Gaps.Longest([Written(100), Written(7000), Written(9999)], Ms(50), Ms(5000));
        Assert.Equal(Ms(6900), gap.Length);
        Assert.True(gap.Closed);
    }

    [Fact]
    public void Gaps_outside_the_window_do_not_count() =>
        Assert.Equal(
            Ms(100), Gaps.Longest([Written(0), Written(5000), Written(5100), Written(5200), Written(20000)], Ms(5050), Ms(5150)).Length);

    [Fact]
    public void Order_does_not_matter() =>
        Assert.Equal(Ms(1500), Gaps.Longest([Written(1700), Written(200), Written(100)], Ms(150), Ms(1700)).Length);

    [Fact]
    public void Errors_are_counted_by_kind_the_most_frequent_first()
    {
        var errors = Gaps.Errors([Failed(10, "A"), Failed(20, "B"), Failed(30, "B"), Failed(9000, "B"), Written(40)], Ms(0), Ms(1000));
        Assert.Equal([new("B", 2), new("A", 1)], errors);
    }
}
