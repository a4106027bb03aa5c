using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>A drill that has this program change the stack. In the lab only; its stack file is never written.</summary>
internal abstract class StackDrill : Drill
{
    // Since the measurement goes on until a change is done, only what follows it is waited for.
    public override TimeSpan Hold(ClusterSpecification cluster) => TimeSpan.FromSeconds(2);

    public override bool MayLose => false;

    public override string? Refusal(DrillScene scene) => scene.WhyNotApplied;

    /// <summary>Applies the stack as its file says, so that the drill's own change is the only one that is measured.</summary>
    public override async Task<bool> PrepareAsync(DrillScene scene, CancellationToken cancellation)
    {
        var run = await scene.Runs.UpAsync(scene.Runs.Original);
        return run.Succeeded
            ? !run.ChangedNothing
            : throw new CommandException(
                $"{Name}: the stack could not be applied as its file says, before anything was changed; up {run.End}");
    }

    /// <summary>Applies the stack as its file says, and complains where that fails.</summary>
    /// <returns>How long it took; null when it failed.</returns>
    protected static async Task<TimeSpan?> RestoreStackAsync(DrillScene scene)
    {
        var run = await scene.Runs.UpAsync(scene.Runs.Original);
        if (run.Succeeded)
        {
            return run.Duration;
        }

        scene.Complain($"up with the stack file as it is {run.End}");
        return null;
    }
}
