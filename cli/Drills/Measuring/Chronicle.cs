namespace PostgresHa.Cli.Drills;

/// <summary>Reads from the measurements what happened, and when.</summary>
public static class Chronicle
{
    /// <summary>The events between fault and first write.</summary>
    /// <param name="leader">Name of the leader before the fault.</param>
    /// <param name="fault">When the fault was caused.</param>
    /// <param name="samples">Answers of all hosts.</param>
    /// <param name="vipChanges">When hosts took or lost the virtual IP; the first of each host is what it was at the start.</param>
    /// <param name="writeGap">The longest gap of the writes.</param>
    /// <returns>In the order in which they happened.</returns>
    public static IReadOnlyList<DrillEvent> Of(
        string leader,
        TimeSpan fault,
        IReadOnlyList<HostSample> samples,
        IReadOnlyList<(string Host, TimeSpan At, bool Holds)> vipChanges,
        Gap writeGap)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(vipChanges);
        ArgumentNullException.ThrowIfNull(writeGap);
        var events = new List<DrillEvent>();
        var after = samples.Where(sample => sample.Answered > fault).OrderBy(static sample => sample.Answered).ToList();
        if (after.FirstOrDefault(sample => sample.Host == leader && sample.Writable != true) is { } lost)
        {
            events.Add(new DrillEvent(
                "leader lost", lost.Answered, lost.Writable is null ? $"{leader} does not answer" : $"{leader} refuses writes"));
        }

        var before = samples.LastOrDefault(
            sample => sample.Host == leader && sample.Writable == true && sample.Answered <= fault)?.Timeline;
        if (after.FirstOrDefault(sample => sample.Writable == true && (sample.Host != leader || sample.Timeline > before)) is { } elected)
        {
            events.Add(new DrillEvent("elected", elected.Answered, elected.Host));
        }

        if (vipChanges.Where(change => change.At > fault && change.Holds)
            .Select(static change => ((string, TimeSpan)?)(change.Host, change.At))
            .FirstOrDefault() is { } moved)
        {
            events.Add(new DrillEvent("VIP moved", moved.Item2, moved.Item1));
        }

        if (writeGap.Closed && writeGap.To > fault && writeGap.Length > TimeSpan.FromMilliseconds(500))
        {
            events.Add(new DrillEvent("first write", writeGap.To));
        }

        return [.. events.OrderBy(static one => one.At)];
    }
}
