namespace PostgresHa.Cli.Drills;

/// <summary>Every drill, the gentle ones first: so <c>all</c> finds out early what is broken anyway.</summary>
internal static class DrillCatalogue
{
    /// <summary>Name that stands for all of them in turn.</summary>
    public const string Everything = "all";

    /// <summary>The drills in the order in which <c>all</c> runs them.</summary>
    public static IReadOnlyList<Drill> All { get; } =
    [
        new SwitchoverDrill(),
        new HAProxyDownDrill(),
        new KeepalivedDownDrill(),
        new PgBouncerDownDrill(),
        new EtcdMemberDrill(),
        new StopPatroniDrill(),
        new KillPostgresDrill(),
        new PartitionVipDrill(),
        new PartitionLeaderDrill(),
        new FreezePatroniDrill(),
        new EtcdQuorumDrill(),
        new DiskFullDrill(),
        new HostRebootDrill(),
        new HostCrashDrill(),
        new HostCrashWithEtcdDrill(),
    ];

    /// <summary>The drills that a name means.</summary>
    /// <exception cref="CommandException">There is no such drill.</exception>
    public static IReadOnlyList<Drill> Find(string name) =>
        name == Everything ? All
        : All.FirstOrDefault(drill => drill.Name == name) is { } found ? [found]
        : throw new CommandException(
            $"There is no drill '{name}'; there are {string.Join(", ", All.Select(static drill => drill.Name))} and {Everything}.");
}
