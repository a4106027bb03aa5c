namespace PostgresHa.Cli.Status;

/// <summary>Patroni's dynamic configuration: set by hand, or not yet applied.</summary>
internal static class ConfigurationChecks
{
    public static IEnumerable<Problem> Find(StatusScene scene) => Differences(scene).Select(static difference => StatusScene.Warning(
        null,
        difference.ToString(),
        difference.Asked is null
            ? "the next up that changes Patroni's configuration removes it; to keep it, write it in the stack file (postgres.parameters, "
                + "patroni.slots …)"
            : "an up that changes Patroni's configuration sets it as the stack file says; raise reapply to have that now"));

    /// <summary>
    /// What the members' running configuration, as the leader or else the first one tells it, has otherwise than the stack file.
    /// </summary>
    public static IReadOnlyList<SettingDifference> Differences(StatusScene scene)
    {
        var running = scene.Reports
            .Where(static pair => pair.Report.Patroni.Configuration is not null)
            .OrderByDescending(pair => pair.Host.Name == scene.Leader?.Name)
            .Select(static pair => pair.Report.Patroni.Configuration!)
            .FirstOrDefault();
        return running is null ? [] : DynamicSettings.Compare(scene.Cluster, running);
    }
}
