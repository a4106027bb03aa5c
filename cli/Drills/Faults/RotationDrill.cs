using System.Globalization;
using System.Text.Json.Nodes;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>Something secret, or something that ends, takes another's place while clients go on; and once more on the way back.</summary>
/// <param name="what">What is made anew; the end of the drill's name.</param>
/// <param name="how">The change of the stack that has it made anew, as a reader would write it.</param>
/// <param name="make">That change.</param>
internal sealed class RotationDrill(string what, string how, Action<JsonObject, ClusterSpecification> make) : StackDrill
{
    private static readonly TimeSpan HealthLimit = TimeSpan.FromMinutes(3);

    private bool _isChanged;

    /// <summary>The passwords that were made for the stack, all but the application's.</summary>
    public static RotationDrill Passwords { get; } = new(
        "passwords",
        "passwords.rotate raised by one",
        static (cluster, now) => ChangedProject.Set(cluster, "passwords.rotate", now.Passwords.Rotate + 1));

    /// <summary>The hosts' certificates: with another name in them they are others.</summary>
    public static RotationDrill Certificates { get; } = new(
        "certificates",
        "one more of tls.names",
        static (cluster, now) => ChangedProject.Set(
            cluster, "tls.names", new JsonArray([.. now.Tls.Names.Append("drill.invalid").Select(static name => JsonValue.Create(name))])));

    /// <summary>Changes the cluster's value.</summary>
    public Action<JsonObject, ClusterSpecification> Make { get; } = make;

    public override string Name => "rotate-" + what;

    public override string Summary => $"all {what} are made anew by `up`, and once more";

    public override double? Aim(ClusterSpecification cluster) => 1;

    public override string Describe(DrillScene scene) => $"All {what} are made anew by up ({how}), and once more by the stack file as it is.";

    public override async Task InjectAsync(DrillScene scene, CancellationToken cancellation)
    {
        var project = scene.Runs.Changed(cluster => Make(cluster, scene.Cluster));
        _isChanged = true;
        var run = await scene.Runs.UpAsync(project);
        if (!run.Succeeded)
        {
            scene.Complain($"up with other {what} {run.End}");
            return;
        }

        scene.Mark("made anew", what);
        if (await scene.Runs.HealthyAsync(project, HealthLimit, cancellation) is { } last)
        {
            scene.Complain($"the cluster with other {what} was not healthy {HealthLimit.TotalSeconds:0} s after its up; status {last}");
        }

        if (!(await scene.Runs.UpAsync(project)).ChangedNothing)
        {
            scene.Complain("a second up was not without a change");
        }

        scene.Find(string.Create(CultureInfo.InvariantCulture, $"All {what} were made anew in {run.Duration.TotalSeconds:0.0} s."));
    }

    public override async Task RepairAsync(DrillScene scene, CancellationToken cancellation)
    {
        if (_isChanged)
        {
            _isChanged = false;
            await RestoreStackAsync(scene);
        }
    }
}
