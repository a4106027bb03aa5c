namespace PostgresHa.Cli.Status;

/// <summary>What differs from what was written to the hosts.</summary>
internal static class DriftChecks
{
    public static IEnumerable<Problem> Find(StatusScene scene) =>
        scene.Drift is not { } drift
            ? []
            : drift.SelectMany(pair => pair.Value.Select(line => StatusScene.Error(
                pair.Key,
                $"{pair.Key}: {line}",
                $"raise postgres-ha:cluster.reapply in Pulumi.{scene.Stack}.yaml by one and apply: every file is written and every "
                + "service checked anew")));
}
