namespace PostgresHa.Specification;

/// <summary>Patroni's timings.</summary>
internal static class PatroniRules
{
    public static void Check(PatroniSpecification patroni, Values values)
    {
        if (!values.Good(Keys.PatroniTtl.Path, Keys.PatroniLoopWait.Path, Keys.PatroniRetryTimeout.Path))
        {
            return;
        }

        // Patroni would shorten loop_wait and retry_timeout by itself, and the failover times would not be the reviewed ones.
        TimeSpan least = patroni.LoopWait + (2 * patroni.RetryTimeout);
        if (patroni.Ttl < least)
        {
            values.Add(
                Keys.PatroniTtl.Path,
                Scalars.Seconds(patroni.Ttl),
                $"is less than loop_wait + 2 × retry_timeout ({Scalars.Show(least)})",
                $"set it to at least {Scalars.Seconds(least)}");
            return;
        }

        CheckWatchdog(patroni, values);
    }

    /// <summary>
    /// The watchdog is fed once per loop. When etcd does not answer, the leader retries for retry_timeout and then stops PostgreSQL: if the watchdog
    /// fires before that, an ordinary loss of etcd resets the host.
    /// </summary>
    /// <remarks>https://patroni.readthedocs.io/en/latest/watchdog.html</remarks>
    private static void CheckWatchdog(PatroniSpecification patroni, Values values)
    {
        if (patroni.Watchdog == WatchdogMode.Off || !values.Good(Keys.PatroniWatchdog.Path, Keys.PatroniWatchdogSafetyMargin.Path))
        {
            return;
        }

        TimeSpan loop = patroni.LoopWait + patroni.RetryTimeout;
        bool half = patroni.WatchdogSafetyMargin < TimeSpan.Zero;
        TimeSpan timeout = half
            ? TimeSpan.FromSeconds((long)patroni.Ttl.TotalSeconds / 2)
            : patroni.Ttl - patroni.WatchdogSafetyMargin;
        if (timeout > loop)
        {
            return;
        }

        TimeSpan second = TimeSpan.FromSeconds(1);
        TimeSpan largest = patroni.Ttl - loop - second;
        string ttl = half ? Scalars.Seconds((2 * loop) + (2 * second)) : Scalars.Seconds(loop + patroni.WatchdogSafetyMargin + second);
        values.Add(
            Keys.PatroniWatchdogSafetyMargin.Path,
            half ? "-1 (half of ttl)" : Scalars.Seconds(patroni.WatchdogSafetyMargin),
            $"makes the watchdog fire after {(timeout > TimeSpan.Zero ? Scalars.Show(timeout) : "0 s")}, before loop_wait + retry_timeout ({Scalars.Show(loop)}) are over",
            $"set it to at most {Scalars.Seconds(largest)}, or patroni.ttl to at least {ttl}");
    }
}
