using System.Globalization;

namespace PostgresHa.Cli.Drills;

/// <summary>What the check for two writers found.</summary>
/// <param name="Violations">Two servers that took writes on one timeline, a sentence each. Must be empty.</param>
/// <param name="Overlap">Longest time for which two servers certainly took writes at once, each on its own timeline; zero when
/// never.</param>
public sealed record WriterVerdict(IReadOnlyList<string> Violations, TimeSpan Overlap);

/// <summary>
/// Looks for two servers taking writes: on one timeline, which would be two histories under one name, and at the same time on two, which
/// is what a leader that was cut off does until its lease ends.
/// </summary>
public static class WriterCheck
{
    /// <summary>Judges what hosts answered and what rows say.</summary>
    /// <param name="samples">Answers of all hosts, in any order.</param>
    /// <param name="attempts">All attempts: an acknowledged write names its server and timeline.</param>
    /// <param name="rows">Rows found afterwards.</param>
    /// <param name="addresses">Address of each host by name.</param>
    public static WriterVerdict Judge(
        IReadOnlyList<HostSample> samples,
        IEnumerable<Attempt> attempts,
        IEnumerable<StoredRow> rows,
        IReadOnlyDictionary<string, string> addresses)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(addresses);
        var names = addresses.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);
        var seen = samples.Where(static sample => sample is { Writable: true, Timeline: not null })
            .Select(static sample => (Timeline: sample.Timeline!.Value, sample.Host))
            .Concat(attempts.Where(static attempt => attempt is { Succeeded: true, Timeline: not null, Server: not null })
                .Select(attempt => (Timeline: attempt.Timeline!.Value, Host: Name(attempt.Server!))))
            .Concat(rows.Select(row => (row.Timeline, Host: Name(row.Server))))
            .Distinct();
        var violations = seen.GroupBy(static pair => pair.Timeline)
            .Where(static group => group.Count() > 1)
            .OrderBy(static group => group.Key)
            .Select(static group => string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(" and ", group.Select(static pair => pair.Host).Order(StringComparer.Ordinal))} both took "
                + $"writes on timeline {group.Key}"))
            .ToList();
        return new WriterVerdict(violations, Overlap(samples));

        string Name(string address) => names.GetValueOrDefault(address, address);
    }

    // Between two answers of one host that it takes writes, on one timeline, it did so all the while. Two such stretches of two hosts that
    // intersect are certain; anything less may be the answers' own duration.
    private static TimeSpan Overlap(IReadOnlyList<HostSample> samples)
    {
        var stretches = samples.GroupBy(static sample => sample.Host, StringComparer.Ordinal).SelectMany(static host => Stretches(host))
            .ToList();
        var longest = TimeSpan.Zero;
        for (var i = 0; i < stretches.Count; i++)
        {
            foreach (var other in stretches.Skip(i + 1).Where(other => other.Host != stretches[i].Host))
            {
                var common = Min(stretches[i].To, other.To) - Max(stretches[i].From, other.From);
                longest = Max(longest, common);
            }
        }

        return longest;
    }

    private static IEnumerable<(string Host, TimeSpan From, TimeSpan To)> Stretches(IEnumerable<HostSample> samples)
    {
        HostSample? first = null;
        HostSample? last = null;
        foreach (var sample in samples.OrderBy(static sample => sample.Asked))
        {
            if (sample.Writable == true && first is not null && sample.Timeline == first.Timeline)
            {
                last = sample;
                continue;
            }

            if (first is not null && last is not null)
            {
                yield return (first.Host, first.Answered, last.Asked);
            }

            first = sample.Writable == true ? sample : null;
            last = null;
        }

        if (first is not null && last is not null)
        {
            yield return (first.Host, first.Answered, last.Asked);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
