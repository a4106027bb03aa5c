using PostgresHa.Cli;
using PostgresHa.Cli.Drills;
using static PostgresHa.Tests.Cli.Drills.Samples;

namespace PostgresHa.Tests.Cli.Drills;

public sealed class ResetCheckTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly BootMark Before = new("aaaa", Ms(-60000));

    // Frozen at 1 s, reset at 15.2 s, booted again as a replica.
    private static readonly HostSample[] Frozen =
    [
        Asked("mdw", 900, true, 1), Asked("mdw", 8000, true, 1), Asked("standby", 8000, false),
        // A slow answer is none, and no reset either.
        Asked("mdw", 10000, null), Asked("mdw", 15000, true, 1), Asked("mdw", 15200, null), Asked("mdw", 16400, null),
        Asked("mdw", 70000, false),
    ];

    [Fact]
    public void A_reset_is_told_with_its_time_and_the_last_write()
    {
        var verdict = Judge(new BootMark("bbbb", Ms(17500)), [Written(900), Written(15100), Written(19000, server: "10.0.12.4")]);
        Assert.Empty(verdict.Failures);
        Assert.Equal(
            [
                new("last write there", Ms(15100), "mdw"),
                new DrillEvent("host reset", Ms(15200), "mdw, whose kernel started anew 16.5 s after the fault"),
            ],
            verdict.Events);
    }

    [Fact]
    public void A_host_that_was_not_reset_fails_the_drill()
    {
        var verdict = Judge(Before, []);
        Assert.Equal(["mdw has a watchdog and was not reset"], verdict.Failures);
        Assert.Empty(verdict.Events);
    }

    [Fact]
    public void A_write_after_the_lease_fails_the_drill_also_when_the_host_was_reset_later()
    {
        var verdict = Judge(
            new BootMark("bbbb", Ms(31000)),
            [Written(23500, endpoint: Endpoint.CutOff)],
            [Asked("mdw", 30000, true, 1), Asked("mdw", 30200, null)]);
        Assert.Equal(
            [
                "mdw acknowledged a write 22.5 s after the fault, when its lease of 20 s had ended",
                "mdw was reset 29.2 s after the fault, when its lease of 20 s had ended",
            ],
            verdict.Failures);
    }

    [Fact]
    public void A_host_that_never_answered_was_reset_when_its_kernel_started() =>
        Assert.Equal(Ms(17500), Assert.Single(Judge(new BootMark("bbbb", Ms(17500)), [], []).Events).At);

    [Fact]
    public void Reads_of_the_frozen_host_are_no_writes() =>
        Assert.Empty(Judge(new BootMark("bbbb", Ms(17500)), [Written(30000, endpoint: Endpoint.Read)]).Failures);

    [Fact]
    public void A_boot_is_read_from_the_kernels_own_files() =>
        Assert.Equal(new BootMark("0d7b", Ms(58000)), BootMark.Parse("0d7b\n42.00 80.11\n", Ms(100000)));

    [Fact]
    public void Anything_else_is_no_boot() => Assert.Throws<CommandException>(() => BootMark.Parse("no such file", Ms(1)));

    private static ResetVerdict Judge(BootMark after, Attempt[] attempts, HostSample[]? samples = null) =>
        ResetCheck.Judge("mdw", "10.0.12.9", Before, after, Ms(1000), Lease, samples ?? Frozen, attempts);
}
