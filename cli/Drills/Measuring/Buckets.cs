namespace PostgresHa.Cli.Drills;

/// <summary>Successes and errors of one stream per 100 ms.</summary>
/// <param name="Successes">Number of successes in each bucket.</param>
/// <param name="Errors">Number of errors in each bucket; as long as the successes.</param>
public sealed record Buckets(IReadOnlyList<int> Successes, IReadOnlyList<int> Errors)
{
    /// <summary>Width of a bucket.</summary>
    public static readonly TimeSpan Width = TimeSpan.FromMilliseconds(100);

    /// <summary>Counts attempts by the moment they ended, since that is when the client knew.</summary>
    /// <param name="attempts">The attempts of the stream.</param>
    /// <param name="end">End of the measurement; later attempts are left out.</param>
    public static Buckets Of(IEnumerable<Attempt> attempts, TimeSpan end)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var count = (int)Math.Ceiling(end / Width);
        var successes = new int[count];
        var errors = new int[count];
        foreach (var attempt in attempts)
        {
            var index = (int)(attempt.Ended / Width);
            if (index >= 0 && index < count)
            {
                (attempt.Succeeded ? successes : errors)[index]++;
            }
        }

        return new Buckets(successes, errors);
    }
}
