namespace PostgresHa.Cli.Status;

/// <summary>Patroni's dynamic configuration: set by hand, or not yet applied.</summary>
internal static class ConfigurationChecks
{
    private const string HostList = "hosts[";

    public static IEnumerable<Problem> Find(StatusScene scene)
    {
        var differences = Differences(scene).ToLookup(static one => one.Name.StartsWith(HostList, StringComparison.Ordinal));
        string[] known = [.. differences[true].Select(static one => one.Running).OfType<string>()];
        string[] asked = [.. differences[true].Select(static one => one.Asked).OfType<string>()];
        if (known.Except(asked).ToList() is { Count: > 0 } gone)
        {
            yield return StatusScene.Warning(
                null,
                $"the cluster has the host{(gone.Count == 1 ? "" : "s")} {string.Join(", ", gone)}, and the stack file has not",
                "up takes what is not in hosts out of the cluster; to keep it, put it back there");
        }

        // A cluster of a program before these were told it knows none.
        if (asked.Except(known).ToList() is { Count: > 0 } added && added.Count < scene.Cluster.Hosts.Count)
        {
            yield return StatusScene.Warning(
                null, $"the cluster does not have {string.Join(", ", added)} of the stack file's hosts yet", "up adds what is in hosts");
        }

        foreach (var difference in differences[false])
        {
            yield return StatusScene.Warning(
                null,
                difference.ToString(),
                difference.Asked is null
                    ? "the next up that changes Patroni's configuration removes it; to keep it, write it in the stack file "
                        + "(postgres.parameters, patroni.slots …)"
                    : "an up that changes Patroni's configuration sets it as the stack file says; raise reapply to have that now");
        }
    }

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
