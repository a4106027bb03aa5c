namespace PostgresHa.Cli.Consequences;

/// <summary>
/// Whether a reload of keepalived may move the virtual IP: it keeps its state, unless what decides an election is another.
/// </summary>
internal static class VipRule
{
    // All else are times of announcements, names and the check, which a host that serves passes before and after.
    private static readonly string[] Deciding =
        ["priority", "virtual_router_id", "advert_int", "interface", "weight", "unicast_src_ip"];

    public static bool MayMove(string host, PlannedSteps all)
    {
        if (all.Find("keepalived-config", host) is not { HasNewInput: true } file)
        {
            return false;
        }

        var (old, now) = (Decisions(file.OldInput), Decisions(file.NewInput ?? ""));
        return !old.SequenceEqual(now);
    }

    private static IEnumerable<string> Decisions(string text) =>
        text.Split('\n').Select(static line => line.Trim())
            .Where(static line => Deciding.Contains(line.Split(' ')[0]) || line.Contains(" dev ", StringComparison.Ordinal));
}
