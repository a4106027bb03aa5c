using System.Diagnostics;

namespace PostgresHa.Lab;

/// <summary>Waits for what other programs and hosts bring about in their own time.</summary>
public static class Wait
{
    /// <summary>Looks until it is so or the time is over; at least once.</summary>
    /// <param name="look">What is still missing; null when it is so.</param>
    /// <param name="limit">After this time no further look is taken.</param>
    /// <param name="poll">Time between two looks.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null when it came to be so; else what the last look found missing, for whoever is told that the time is over.</returns>
    public static async Task<string?> UntilAsync(Func<Task<string?>> look, TimeSpan limit, TimeSpan poll, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(look);
        var began = Stopwatch.GetTimestamp();
        while (await look() is { } missing)
        {
            if (Stopwatch.GetElapsedTime(began) >= limit)
            {
                return missing;
            }

            await Task.Delay(poll, cancellation);
        }

        return null;
    }

    /// <summary>The same for what is seen at once.</summary>
    /// <returns>Whether it came to be so.</returns>
    public static async Task<bool> UntilAsync(Func<bool> isSo, TimeSpan limit, TimeSpan poll, CancellationToken cancellation) =>
        await UntilAsync(() => Task.FromResult(isSo() ? null : string.Empty), limit, poll, cancellation) is null;
}
