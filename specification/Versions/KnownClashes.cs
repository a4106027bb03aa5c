namespace PostgresHa.Specification;

/// <summary>Versions of components that do not work in a cluster of ours, alone or together.</summary>
/// <param name="Etcd">The versions of etcd.</param>
/// <param name="Patroni">The versions of Patroni; null when it is any.</param>
/// <param name="Problem">What does not work; continues a sentence that begins with etcd's version.</param>
/// <param name="EtcdRemedy">What etcd's version should be.</param>
/// <param name="PatroniRemedy">What Patroni's version should be; null when it does not matter.</param>
/// <param name="Sources">Where it is published.</param>
public sealed record KnownClash(
    IReadOnlyList<VersionRange> Etcd, IReadOnlyList<VersionRange>? Patroni, string Problem, string EtcdRemedy, string? PatroniRemedy,
    IReadOnlyList<string> Sources);

/// <summary>The one table of combinations that are known not to work, each with its source.</summary>
/// <remarks>etcd asks for a password in every cluster of ours, and Patroni's user may use the cluster's keys only.</remarks>
public static class KnownClashes
{
    private const string Checks = "https://github.com/etcd-io/etcd/blob/main/CHANGELOG/CHANGELOG-3.5.md#v3528-2026-03-20";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownClash> All { get; } =
    [
        new(
            [new("3.5.28", "3.5.29"), new("3.6.9", "3.6.10")],
            null,
            "tells its members to the user root only, so Patroni's own user cannot start",
            "3.5.29 or later, or 3.6.10 or later",
            null,
            [Checks, "https://github.com/etcd-io/etcd/pull/21550"]),
        // Seen with 3.5.30: Patroni 4.0.7 fails to list the members and does not start, 4.1.5 lists them.
        new(
            [new("3.5.28", "3.6.0"), new("3.6.9", null)],
            [new("4.0.0", "4.0.8"), new("4.1.0", "4.1.1")],
            "asks for a password before it lists its members, which this Patroni does not give, so it cannot start",
            "at most 3.5.27",
            "4.0.8 or later in 4.0, else 4.1.1 or later",
            [Checks, "https://github.com/patroni/patroni/blob/master/docs/releases.rst#version-411"]),
    ];

    /// <summary>What does not work of these versions; null when nothing is known against them.</summary>
    /// <param name="etcd">etcd's version.</param>
    /// <param name="patroni">Patroni's version; null when it is not known.</param>
    public static KnownClash? Of(Version etcd, Version? patroni) => All.FirstOrDefault(clash =>
        clash.Etcd.Any(range => range.Contains(etcd))
            && (clash.Patroni is null || (patroni is not null && clash.Patroni.Any(range => range.Contains(patroni)))));

    /// <summary>The versions of Patroni that do not work with a version of etcd.</summary>
    /// <param name="etcd">etcd's version.</param>
    public static IReadOnlyList<VersionRange> Patronis(Version etcd) =>
        [.. All.Where(clash => clash.Etcd.Any(range => range.Contains(etcd))).SelectMany(static clash => clash.Patroni ?? [])];

    /// <summary>The least version of Patroni that works with a version of etcd; null when any does.</summary>
    /// <param name="etcd">etcd's version.</param>
    public static string? LeastPatroni(Version etcd) =>
        All.FirstOrDefault(clash => clash.Patroni is not null && clash.Etcd.Any(range => range.Contains(etcd)))?.Patroni![0].Below;
}
