namespace PostgresHa.Specification;

/// <summary>Patroni's timings.</summary>
internal static class PatroniRules
{
    public static void Check(PatroniSpecification patroni, Findings findings)
    {
        if (!findings.Good("patroni.ttl", "patroni.loopWait", "patroni.retryTimeout"))
        {
            return;
        }

        // Patroni would shorten loop_wait and retry_timeout by itself, and the failover times would not be the reviewed ones.
        var least = patroni.LoopWait + (2 * patroni.RetryTimeout);
        if (patroni.Ttl < least)
        {
            findings.Add(
                "patroni.ttl",
                Scalars.Seconds(patroni.Ttl),
                $"is less than loop_wait + 2 × retry_timeout ({Scalars.Show(least)})",
                $"set it to at least {Scalars.Seconds(least)}");
            return;
        }

        CheckWatchdog(patroni, findings);
    }

    /// <summary>
    /// The watchdog is fed once per loop. When etcd does not answer, the leader retries for retry_timeout and then stops PostgreSQL: if
    /// the watchdog fires before that, an ordinary loss of etcd resets the host.
    /// </summary>
    /// <remarks>https://patroni.readthedocs.io/en/latest/watchdog.html</remarks>
    private static void CheckWatchdog(PatroniSpecification patroni, Findings findings)
    {
        if (patroni.Watchdog == WatchdogMode.Off || !findings.Good("patroni.watchdog", "patroni.watchdogSafetyMargin"))
        {
            return;
        }

        var loop = patroni.LoopWait + patroni.RetryTimeout;
        var half = patroni.WatchdogSafetyMargin < TimeSpan.Zero;
        var timeout = half
            ? TimeSpan.FromSeconds((long)patroni.Ttl.TotalSeconds / 2)
            : patroni.Ttl - patroni.WatchdogSafetyMargin;
        if (timeout > loop)
        {
            return;
        }

        var second = TimeSpan.FromSeconds(1);
        var largest = patroni.Ttl - loop - second;
        var ttl = half ? Scalars.Seconds((2 * loop) + (2 * second)) : Scalars.Seconds(loop + patroni.WatchdogSafetyMargin + second);
        findings.Add(
            "patroni.watchdogSafetyMargin",
            half ? "-1 (half of ttl)" : Scalars.Seconds(patroni.WatchdogSafetyMargin),
            $"makes the watchdog fire after {(timeout > TimeSpan.Zero ? Scalars.Show(timeout) : "0 s")}, before loop_wait + "
            + $"retry_timeout ({Scalars.Show(loop)}) are over",
            $"set it to at most {Scalars.Seconds(largest)}, or patroni.ttl to at least {ttl}");
    }
}
