using PostgresHa.Cli.Drills;

namespace PostgresHa.Tests.Cli.Drills;

/// <summary>Short ways to write down attempts and samples. Times are milliseconds.</summary>
internal static class Samples
{
    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static Attempt Written(
        double at, int client = 1, long sequence = 1, string server = "10.0.12.9", int timeline = 1, Endpoint endpoint = Endpoint.Write) =>
        new(client, endpoint, sequence, Ms(at - 5), Ms(at), null, server, timeline);

    public static Attempt Failed(
        double at, string error = "57P01", int client = 1, long sequence = 1, Endpoint endpoint = Endpoint.Write) =>
        new(client, endpoint, sequence, Ms(at - 5), Ms(at), error, null, null);

    public static HostSample Asked(string host, double at, bool? writable, int? timeline = null) =>
        new(host, Ms(at), Ms(at + 10), writable, writable == true ? timeline : null);

    /// <summary>A drill as it might have been: 3 s quiet, 2.4 s without writes, 10 s until the repair, whole after 20 s.</summary>
    public static DrillResult Result(string drill = "host-crash", int round = 1)
    {
        var attempts = new List<Attempt>();
        for (var at = 0.0; at < 20000; at += 25)
        {
            var down = at is > 3050 and < 5450;
            attempts.Add(down ? Failed(at) : Written(at));
            attempts.Add(at is > 3050 and < 3600 ? Failed(at, endpoint: Endpoint.Read) : Written(at, endpoint: Endpoint.Read));
        }

        var writes = attempts.Where(static attempt => attempt.Endpoint == Endpoint.Write).ToList();
        return new DrillResult
        {
            Drill = drill,
            Action = "The leader's host mdw is killed without notice, and started again afterwards.",
            Stack = "dev",
            Round = round,
            At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Synchronous = "off",
            Timing = "ttl 30 s, loop 10 s",
            LeaderBefore = "mdw",
            LeaderAfter = "standby",
            Budget = new BudgetResult(
                "leader-host-lost", 12.5, "The leader's host is lost: 12.5 s = 10 s lease & 2.5 s rest", "lease, up to 10 s (patroni.ttl)"),
            Aim = 5,
            WriteGap = 2.4,
            ReadGap = 0.55,
            Streams = new Dictionary<string, StreamResult>
            {
                ["write"] = new(2.4, 0.03, true, 700, 95, new Dictionary<string, int> { ["57P01"] = 95 }),
                ["read"] = new(0.55, 0.03, true, 780, 21, new Dictionary<string, int> { ["Timeout"] = 21 }),
            },
            Acknowledged = 700,
            Missing = 0,
            MissingSpan = 0,
            Unacknowledged = 1,
            TwoWriters = [],
            Overlap = 0,
            Healthy = 6.1,
            Events =
            [
                new("fault", Ms(3000)), new("leader lost", Ms(3100), "mdw does not answer"), new("VIP moved", Ms(4900), "standby"),
                new("elected", Ms(5200), "standby"), new("first write", Ms(5450)), new("repair", Ms(10000)), new("repaired", Ms(11900)),
                new("healthy", Ms(18000)),
            ],
            Failures = [],
            Writes = Buckets.Of(writes, Ms(20000)),
            Reads = Buckets.Of(attempts.Except(writes), Ms(20000)),
        };
    }
}
