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
        new ReplaceHostDrill(),
        new AddHostDrill(),
        new RemoveHostDrill(),
        RotationDrill.Certificates,
        RotationDrill.Passwords,
        new BadChangeDrill(BadChanges.All),
    ];

    /// <summary>The drills that a name means.</summary>
    /// <param name="name">The name.</param>
    /// <param name="changes">Names of the bad changes that are tried; empty for all.</param>
    /// <exception cref="CommandException">There is no such drill, or no such change.</exception>
    public static IReadOnlyList<Drill> Find(string name, IReadOnlyList<string>? changes = null) =>
        changes is { Count: > 0 } ? OnlyThose(name, changes)
        : name == Everything ? All
        : All.FirstOrDefault(drill => drill.Name == name) is { } found ? [found]
        : throw new CommandException(
            $"There is no drill '{name}'; there are {string.Join(", ", All.Select(static drill => drill.Name))} and {Everything}.");

    private static IReadOnlyList<Drill> OnlyThose(string name, IReadOnlyList<string> changes)
    {
        var drill = new BadChangeDrill(BadChanges.Find(changes));
        return drill.Name == name
            ? [drill]
            : throw new CommandException($"--change is for the drill {drill.Name}; {name} changes nothing.");
    }
}
