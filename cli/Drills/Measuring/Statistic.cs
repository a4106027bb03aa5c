namespace PostgresHa.Cli.Drills;

/// <summary>Median and maximum of some figures.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Median">The middle one, or the mean of the middle two.</param>
/// <param name="Maximum">The largest.</param>
public sealed record Statistic(int Count, double Median, double Maximum)
{
    /// <summary>Of some figures; null when there is none.</summary>
    public static Statistic? Of(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToList();
        if (sorted.Count == 0)
        {
            return null;
        }

        var middle = sorted.Count / 2;
        return new Statistic(sorted.Count, sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[^1]);
    }
}
