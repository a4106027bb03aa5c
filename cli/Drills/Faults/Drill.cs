using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>One kind of bad day.</summary>
internal abstract class Drill
{
    /// <summary>Name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What happens, in a few words, for the help and the tables.</summary>
    public abstract string Summary { get; }

    /// <summary>
    /// Name of the scenario of the failover budget it is held against; null, or one that this cluster has not, when it has terms of its
    /// own.
    /// </summary>
    protected virtual string? Scenario => null;

    /// <summary>The write gap in seconds that the project aims at on the lab; null for the budget alone.</summary>
    public virtual double? Aim(ClusterSpecification cluster) => null;

    /// <summary>How long the fault lasts at least before it is mended.</summary>
    public virtual TimeSpan Hold(ClusterSpecification cluster) => TimeSpan.FromSeconds(5);

    /// <summary>Whether another host leads afterwards, so that the drill waits for it.</summary>
    public virtual bool MovesLeader => false;

    /// <summary>The host on whose side a client of its own is connected directly; null for none.</summary>
    public virtual HostSpecification? CutOff(DrillScene scene) => null;

    /// <summary>What it is about to do, as a sentence that names the hosts.</summary>
    public abstract string Describe(DrillScene scene);

    /// <summary>Why it cannot be done here; null when it can.</summary>
    public virtual string? Refusal(DrillScene scene) => null;

    /// <summary>Brings about what the fault needs, while nothing is measured.</summary>
    /// <returns>Whether the cluster's state must be looked at again.</returns>
    public virtual Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation) => Task.FromResult(false);

    /// <summary>Causes the fault.</summary>
    public abstract Task InjectAsync(DrillScene scene, CancellationToken cancellation);

    /// <summary>Mends it. Must succeed whatever was done before.</summary>
    public virtual Task RepairAsync(DrillScene scene, CancellationToken cancellation) => scene.RestoreAsync(cancellation);

    /// <summary>Whether two servers taking writes at once is what this drill shows, not a failure.</summary>
    public virtual bool ShowsOverlap(DrillScene scene) => false;

    /// <summary>The host that its watchdog must reset meanwhile; null for none.</summary>
    public virtual HostSpecification? Resets(DrillScene scene) => null;

    /// <summary>Within how many seconds from the begin of the repair all must be whole again: what the project promises.</summary>
    public virtual double ReturnLimit => 60;

    /// <summary>How many seconds clients may feel of the repair itself; null where it is no part of what is judged.</summary>
    public virtual double? RepairLimit => null;

    /// <summary>Whether asynchronous replication may lose the last rows with a leader that is gone.</summary>
    public virtual bool MayLose => true;

    /// <summary>What a reader should know beside the figures.</summary>
    public virtual IEnumerable<string> Notes(DrillScene scene) => [];

    /// <summary>How long writes may fail, with the part of the drill's own client.</summary>
    public FailoverScenario Budget(ClusterSpecification cluster)
    {
        var scenario = FailoverBudget.Of(cluster).FirstOrDefault(one => one.Name == Scenario) ?? OwnBudget(cluster);
        return scenario with { Terms = [.. scenario.Terms, Client] };
    }

    /// <summary>Terms of a fault that is no failover: by default none, since writes go on.</summary>
    protected virtual FailoverScenario OwnBudget(ClusterSpecification cluster) => new("no-interruption", "Writes go on", []);

    // A connection whose other end is gone is given up after 2 s without an answer; the next one has 1 s to come about.
    private static BudgetTerm Client { get; } = new(
        "the client connects anew", TimeSpan.FromSeconds(3), "2 s: no answer; 1 s: connecting; of the drill's client");
}
