namespace PostgresHa.Cli.Drills;

/// <summary>The longest time without a success.</summary>
/// <param name="From">The last success before it.</param>
/// <param name="To">The first success after it, or the end of the window when there was none.</param>
/// <param name="Closed">Whether a success ended it.</param>
public sealed record Gap(TimeSpan From, TimeSpan To, bool Closed)
{
    /// <summary>Its length.</summary>
    public TimeSpan Length => To - From;
}

/// <summary>Finds gaps in a stream of attempts.</summary>
public static class Gaps
{
    /// <summary>The longest time without a success that touches a window.</summary>
    /// <remarks>
    /// A gap that began before the window counts from the last success before it: what the client felt does not begin with our stopwatch.
    /// </remarks>
    /// <param name="attempts">The attempts, in any order.</param>
    /// <param name="from">Begin of the window.</param>
    /// <param name="to">End of the window.</param>
    /// <returns>The gap; of length zero for an empty window, the whole window when nothing succeeded.</returns>
    public static Gap Longest(IEnumerable<Attempt> attempts, TimeSpan from, TimeSpan to)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var ends = attempts.Where(static attempt => attempt.Succeeded).Select(static attempt => attempt.Ended).Order().ToList();
        var last = ends.LastOrDefault(end => end <= from, from);
        var longest = new Gap(from, from, Closed: true);
        foreach (var end in ends.Where(end => end > from))
        {
            var gap = new Gap(last, end, Closed: true);
            longest = gap.Length > longest.Length ? gap : longest;
            last = end;
            if (end >= to)
            {
                return longest;
            }
        }

        // The stream ended without another success: an outage that nobody saw the end of is as long as the window.
        return to > last && to - last > longest.Length ? new Gap(last, to, Closed: false) : longest;
    }

    /// <summary>How many attempts failed in a window, by kind, the most frequent first.</summary>
    public static IReadOnlyDictionary<string, int> Errors(IEnumerable<Attempt> attempts, TimeSpan from, TimeSpan to) =>
        attempts.Where(attempt => !attempt.Succeeded && attempt.Ended >= from && attempt.Ended <= to)
            .GroupBy(static attempt => attempt.Error!, StringComparer.Ordinal)
            .OrderByDescending(static group => group.Count())
            .ThenBy(static group => group.Key, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal);
}
