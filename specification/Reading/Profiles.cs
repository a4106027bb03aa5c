namespace PostgresHa.Specification;

/// <summary>What each profile sets. The keys' own defaults are <see cref="TimingProfile.Normal"/>.</summary>
/// <remarks>
/// Patroni allows no lease below 20 s, so the profiles for one site share it: what is faster in <c>fast</c> is all the rest.
/// </remarks>
public static class Profiles
{
    private static readonly Dictionary<string, string> Fast = new()
    {
        ["vip.advertisementInterval"] = "200ms",
        ["etcd.electionTimeout"] = "500ms",
        ["patroni.loopWait"] = "2s",
        ["patroni.retryTimeout"] = "5s",
        ["patroni.primaryStartTimeout"] = "10s",
        ["haproxy.checkInterval"] = "500ms",
        ["haproxy.checkFastInterval"] = "200ms",
        ["haproxy.checkTimeout"] = "1s",
    };

    private static readonly Dictionary<string, string> WideNetwork = new()
    {
        ["vip.advertisementInterval"] = "1s",
        ["vip.checkFall"] = "3",
        ["etcd.heartbeatInterval"] = "300ms",
        ["etcd.electionTimeout"] = "3s",
        ["patroni.ttl"] = "60s",
        ["patroni.loopWait"] = "10s",
        ["patroni.retryTimeout"] = "20s",
        ["patroni.primaryStartTimeout"] = "300s",
        ["haproxy.checkInterval"] = "2s",
        ["haproxy.checkFastInterval"] = "1s",
        ["haproxy.checkTimeout"] = "5s",
        ["haproxy.checkFall"] = "3",
        ["pgbouncer.serverLoginRetry"] = "2s",
    };

    /// <summary>The values of a profile that differ from the keys' defaults, by path and written as in a stack file.</summary>
    public static IReadOnlyDictionary<string, string> Of(TimingProfile profile) => profile switch
    {
        TimingProfile.Fast => Fast,
        TimingProfile.WideNetwork => WideNetwork,
        _ => new Dictionary<string, string>(),
    };
}
