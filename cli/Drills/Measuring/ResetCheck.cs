using System.Globalization;

namespace PostgresHa.Cli.Drills;

/// <summary>One boot of a host.</summary>
/// <param name="Id">The kernel's own name for it, another one after each boot.</param>
/// <param name="Started">When its kernel started.</param>
public sealed record BootMark(string Id, TimeSpan Started)
{
    /// <summary>Files that tell it: the boot's name, and the time since in seconds.</summary>
    public static IReadOnlyList<string> Files { get; } = ["/proc/sys/kernel/random/boot_id", "/proc/uptime"];

    /// <summary>Reads what the files hold, one after the other.</summary>
    /// <param name="text">Their content.</param>
    /// <param name="now">When it was read.</param>
    /// <exception cref="CommandException">It is something else.</exception>
    public static BootMark Parse(string text, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 2 && double.TryParse(words[1], CultureInfo.InvariantCulture, out var uptime)
            ? new BootMark(words[0], now - TimeSpan.FromSeconds(uptime))
            : throw new CommandException($"expected the name of a boot and the time since it, seen: {text.Trim()}");
    }
}

/// <summary>What became of a host that its watchdog had to reset.</summary>
/// <param name="Events">The last write it acknowledged, and the reset; as far as they happened.</param>
/// <param name="Failures">What was not as promised, a sentence each.</param>
public sealed record ResetVerdict(IReadOnlyList<DrillEvent> Events, IReadOnlyList<string> Failures);

/// <summary>
/// Looks whether a host whose Patroni hung was reset, and in time: nothing may be acknowledged by it once its lease has ended.
/// </summary>
public static class ResetCheck
{
    /// <summary>Judges by the host's own boots, its answers, and what clients were told.</summary>
    /// <param name="host">Name of the host.</param>
    /// <param name="address">Its address.</param>
    /// <param name="before">Its boot before the fault.</param>
    /// <param name="after">Its boot after the repair; null when it could not be asked.</param>
    /// <param name="fault">When the fault was caused.</param>
    /// <param name="lease">How long a lease lasts: the one it had ended by <paramref name="fault"/> and this at the latest.</param>
    /// <param name="samples">Answers of all hosts.</param>
    /// <param name="attempts">All attempts.</param>
    public static ResetVerdict Judge(
        string host,
        string address,
        BootMark before,
        BootMark? after,
        TimeSpan fault,
        TimeSpan lease,
        IEnumerable<HostSample> samples,
        IEnumerable<Attempt> attempts)
    {
        ArgumentNullException.ThrowIfNull(before);
        var events = new List<DrillEvent>();
        var failures = new List<string>();
        var last = attempts
            .Where(attempt => attempt.Succeeded && attempt.Endpoint != Endpoint.Read && attempt.Server == address && attempt.Ended > fault)
            .Select(static attempt => attempt.Ended).DefaultIfEmpty(TimeSpan.Zero).Max();
        if (last > fault)
        {
            events.Add(new DrillEvent("last write there", last, host));
        }

        if (last > fault + lease)
        {
            failures.Add(Text($"{host} acknowledged a write {(last - fault).TotalSeconds:0.0} s after the fault, when its lease of ")
                + Text($"{lease.TotalSeconds:0} s had ended"));
        }

        if (after is null || after.Id == before.Id)
        {
            failures.Add($"{host} has a watchdog and was not reset");
            return new ResetVerdict(events, failures);
        }

        // As its PostgreSQL was running until then, the first question it left unanswered is the moment.
        var answers = samples.Where(sample => sample.Host == host && sample.Asked > fault).OrderBy(static sample => sample.Asked).ToList();
        var end = answers.FindLastIndex(sample => sample.Writable == true && sample.Answered < after.Started) + 1;
        var reset = end < answers.Count && answers[end].Asked < after.Started ? answers[end].Asked : after.Started;
        events.Add(new DrillEvent(
            "host reset", reset, Text($"{host}, whose kernel started anew {(after.Started - fault).TotalSeconds:0.0} s after the fault")));
        if (reset > fault + lease)
        {
            failures.Add(Text($"{host} was reset {(reset - fault).TotalSeconds:0.0} s after the fault, when its lease of ")
                + Text($"{lease.TotalSeconds:0} s had ended"));
        }

        return new ResetVerdict(events, failures);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
