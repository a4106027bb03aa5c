using PostgresHa.Components;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Consequences;

/// <summary>
/// Programs that are put on a host by <c>NAME-install</c>: another one is there afterwards where what an archive is known by has changed
/// (<c>postgres_identify</c>, <c>etcd_identify</c>); from where it comes, and who compiles it, makes no other.
/// </summary>
internal static class BuildRule
{
    private static readonly string[] Identifying =
        ["--version", "--sha256", "--prefix", "--flags", "--libraries", "--patches-sha256"];

    private static readonly string[] Methods = ["source", "archive", "package"];

    /// <summary>Whether another program will be there.</summary>
    /// <param name="name"><c>postgres</c>, <c>etcd</c> or <c>patroni</c>.</param>
    /// <param name="host">The host.</param>
    /// <param name="all">The steps.</param>
    public static bool IsAnother(string name, string host, PlannedSteps all) =>
        all.Find(name + "-install", host) is { OldWords: { } old, NewWords: { } now } && !Identity(old).SequenceEqual(Identity(now));

    /// <summary>Whether one may be there that is not known now: what a package brings, or an interrupted run.</summary>
    /// <param name="name"><c>postgres</c>, <c>etcd</c> or <c>patroni</c>.</param>
    /// <param name="host">The host.</param>
    /// <param name="all">The steps.</param>
    public static bool MayBeAnother(string name, string host, PlannedSteps all) =>
        all.Find(name + "-install", host) is { } install
        && (install.Step.Reason is not null || (name == "etcd" && all.Cluster.Etcd.Method == EtcdMethod.Package));

    /// <summary>What is done on the host for it.</summary>
    public static IEnumerable<Consequence> Of(string name, string title, string version, PlannedStep step, PlannedSteps all)
    {
        if (!step.Is(StepOperation.Create) && !IsAnother(name, step.Host, all))
        {
            return [];
        }

        var compiles = all.Host(step.Host) is { } host && (name == "postgres"
            ? PostgresFiles.Compiles(all.Cluster, host).Any()
            : name == "etcd" && EtcdFiles.Compiles(all.Cluster, host).Any());
        return
        [
            new(
                ConsequenceKind.Other,
                step.Host,
                $"{(compiles ? "compiles and installs" : "installs")} {title} {version}".TrimEnd(),
                step.Step.Name),
        ];
    }

    private static IEnumerable<string> Identity(IReadOnlyList<string> words) =>
        words.Zip(words.Skip(1)).Where(static pair => Identifying.Contains(pair.First)).Select(static pair => $"{pair.First} {pair.Second}")
            .Concat(words.Where(Methods.Contains));
}
