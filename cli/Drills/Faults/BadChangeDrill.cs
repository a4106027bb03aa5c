using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>Bad changes are applied, one after the other, and each undone by the old stack file.</summary>
internal sealed class BadChangeDrill(IReadOnlyList<BadChange> changes) : StackDrill
{
    private static readonly TimeSpan HealthLimit = TimeSpan.FromMinutes(3);

    private bool _isChanged;

    public override string Name => "bad-change";

    public override string Summary => "bad changes are applied, and each is undone by the old stack file and `up`";

    // A value that nobody could know to be bad may cost what the loss of a host costs, and no more.
    protected override string? Scenario => "leader-host-lost";

    public override string Describe(DrillScene scene) =>
        $"Bad changes are applied one after the other, each of which must fail or be refused, and each undone by the old stack file: "
        + $"{string.Join("; ", Wanted(scene).Select(static change => change.Text))}.";

    public override string? Refusal(DrillScene scene) => base.Refusal(scene)
        ?? (Wanted(scene).Any() ? null : "this cluster has nothing that the change is about");

    public override async Task InjectAsync(DrillScene scene, CancellationToken cancellation)
    {
        foreach (var change in Wanted(scene))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!await TryAsync(change, scene, cancellation))
            {
                // The next one would be judged by what this one left.
                return;
            }
        }
    }

    public override async Task RepairAsync(DrillScene scene, CancellationToken cancellation)
    {
        await base.RepairAsync(scene, cancellation);
        if (_isChanged)
        {
            _isChanged = false;
            await RestoreStackAsync(scene);
        }
    }

    private async Task<bool> TryAsync(BadChange change, DrillScene scene, CancellationToken cancellation)
    {
        if (change.Held is { } port)
        {
            await scene.FaultAsync(
                scene.Others(scene.Leader)[^1], "hold", [port.ToString(CultureInfo.InvariantCulture)], cancellation);
        }

        var project = scene.Runs.Changed(cluster => change.Make(cluster, scene.Cluster));
        _isChanged = true;
        scene.Mark("bad change", change.Name);
        var bad = await scene.Runs.UpAsync(project);
        if (bad.Code is 0 or null)
        {
            scene.Complain($"{change.Name} ({change.Text}) should have failed or been refused; up {bad.End}");
        }

        await scene.RestoreAsync(cancellation);
        var old = await scene.Runs.UpAsync(scene.Runs.Original);
        if (!old.Succeeded)
        {
            scene.Complain($"after {change.Name} the old stack file was not applied; up {old.End}");
            return false;
        }

        _isChanged = false;
        if (await scene.Runs.HealthyAsync(scene.Runs.Original, HealthLimit, cancellation) is { } last)
        {
            scene.Complain($"after {change.Name} and the old stack file the cluster is not healthy; status {last}");
            return false;
        }

        var again = await scene.Runs.UpAsync(scene.Runs.Original);
        if (!again.ChangedNothing)
        {
            scene.Complain($"after {change.Name} and the old stack file a second up was not without a change; it {again.End}");
        }

        scene.Find(string.Create(
            CultureInfo.InvariantCulture,
            $"{change.Name}: {(bad.Succeeded ? "was applied" : "failed")} after {bad.Duration.TotalSeconds:0.0} s"
            + $"{(bad.Succeeded ? "" : $" ({bad.Reason})")}; undone in {old.Duration.TotalSeconds:0.0} s."));
        return true;
    }

    private IEnumerable<BadChange> Wanted(DrillScene scene) => changes.Where(change => change.Applies(scene.Cluster));
}
