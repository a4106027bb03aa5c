using PostgresHa.Cli.Drills;
using static PostgresHa.Tests.Cli.Drills.Samples;

namespace PostgresHa.Tests.Cli.Drills;

public sealed class WriterCheckTests
{
    private static readonly Dictionary<string, string> Addresses = new() { ["mdw"] = "10.0.12.9", ["standby"] = "10.0.12.4" };

    [Fact]
    public void A_failover_to_a_new_timeline_is_no_violation()
    {
        var verdict = Judge(
            [Asked("mdw", 0, true, 1), Asked("mdw", 200, true, 1), Asked("mdw", 400, null), Asked("standby", 600, true, 2)]);
        Assert.Empty(verdict.Violations);
        Assert.Equal(TimeSpan.Zero, verdict.Overlap);
    }

    [Fact]
    public void Two_hosts_on_one_timeline_are_a_violation_even_one_after_the_other() =>
        Assert.Equal(
            "mdw and standby both took writes on timeline 1",
            Assert.Single(Judge([Asked("mdw", 0, true, 1), Asked("standby", 9000, true, 1)]).Violations));

    [Fact]
    public void Rows_tell_what_no_question_saw() =>
        Assert.Single(WriterCheck.Judge([Asked("mdw", 0, true, 1)], [], [new StoredRow(1, 1, "10.0.12.4", 1)], Addresses).Violations);

    [Fact]
    public void Acknowledged_writes_that_were_lost_later_count_too() =>
        Assert.Single(
            WriterCheck.Judge([Asked("standby", 0, true, 3)], [Written(10, server: "10.0.12.9", timeline: 3)], [], Addresses).Violations);

    [Fact]
    public void Two_at_once_on_two_timelines_are_measured()
    {
        var verdict = Judge(
        [
            Asked("mdw", 0, true, 1), Asked("mdw", 1000, true, 1), Asked("mdw", 2000, true, 1),
            Asked("standby", 500, true, 2), Asked("standby", 1500, true, 2), Asked("standby", 2500, true, 2),
        ]);
        Assert.Empty(verdict.Violations);
        // From standby's first answer to the moment mdw was asked last.
        Assert.Equal(Ms(1490), verdict.Overlap);
    }

    [Fact]
    public void A_single_answer_proves_no_stretch() =>
        Assert.Equal(TimeSpan.Zero, Judge([Asked("mdw", 0, true, 1), Asked("mdw", 400, true, 1), Asked("standby", 200, true, 2)]).Overlap);

    private static WriterVerdict Judge(IReadOnlyList<HostSample> samples) => WriterCheck.Judge(samples, [], [], Addresses);
}
