using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>How grave a problem is.</summary>
public enum ProblemSeverity
{
    /// <summary>The cluster serves and is safe, yet somebody should look.</summary>
    Warning,

    /// <summary>Something does not work or is no longer safe.</summary>
    Error,
}

/// <summary>One thing that is wrong, as one sentence.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Host">The host it is on; null when it is the cluster's.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What to do next.</param>
public sealed record Problem(ProblemSeverity Severity, string? Host, string Message, string Hint)
{
    /// <summary>The component whose version it is about; null when it is about something else.</summary>
    public Component? Version { get; init; }
}

/// <summary>The state of a cluster at one moment.</summary>
public sealed record ClusterStatus
{
    /// <summary>Name of the stack.</summary>
    public required string Stack { get; init; }

    /// <summary>Name of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>When the hosts were asked.</summary>
    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>Whether nothing is wrong; warnings do not count.</summary>
    public bool Healthy => Problems.All(static problem => problem.Severity != ProblemSeverity.Error);

    /// <summary>The one line for whoever was woken.</summary>
    public required string Verdict { get; init; }

    /// <summary>Everything that is wrong, the gravest first.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>Name of the leader; null when there is none.</summary>
    public required string? Leader { get; init; }

    /// <summary>Whether automatic failover is switched off.</summary>
    public required bool Paused { get; init; }

    /// <summary>The virtual IP.</summary>
    public required VipStatus Vip { get; init; }

    /// <summary>Where Patroni's running dynamic configuration is not as the stack file asks.</summary>
    public required IReadOnlyList<SettingDifference> Configuration { get; init; }

    /// <summary>The hosts in the order of the stack file.</summary>
    public required IReadOnlyList<HostStatus> Hosts { get; init; }
}

/// <summary>The virtual IP.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Holders">The hosts that carry it; one when all is well.</param>
public sealed record VipStatus(string Address, IReadOnlyList<string> Holders);

/// <summary>The state of one host.</summary>
public sealed record HostStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its address.</summary>
    public required string Address { get; init; }

    /// <summary>Whether it answered.</summary>
    public required bool Reachable { get; init; }

    /// <summary>Time since its boot; null when it did not answer.</summary>
    public required TimeSpan? Uptime { get; init; }

    /// <summary>Its role in Patroni; null when Patroni does not list it.</summary>
    public required string? Role { get; init; }

    /// <summary>Its state in Patroni; null when Patroni does not list it.</summary>
    public required string? State { get; init; }

    /// <summary>Its timeline.</summary>
    public required long? Timeline { get; init; }

    /// <summary>Bytes it lags behind the leader; null on the leader, or when nobody knows.</summary>
    public required long? LagBytes { get; init; }

    /// <summary>Whether a parameter waits for a restart of PostgreSQL.</summary>
    public required bool PendingRestart { get; init; }

    /// <summary>Whether it carries the virtual IP.</summary>
    public required bool HoldsVip { get; init; }

    /// <summary>Whether it has a watchdog's device.</summary>
    public bool Watchdog { get; init; }

    /// <summary>What drives that device; null when there is none, or it does not say.</summary>
    public string? WatchdogDriver { get; init; }

    /// <summary>The whole days that its certificate has left, by its own clock; null when it did not say.</summary>
    public int? CertificateDays { get; init; }

    /// <summary>Its etcd member; null where there is none or it did not answer.</summary>
    public required EtcdReport? Etcd { get; init; }

    /// <summary>The servers of its HAProxy.</summary>
    public required IReadOnlyList<HAProxyServer> HAProxy { get; init; }

    /// <summary>Its services.</summary>
    public required IReadOnlyList<ServiceReport> Services { get; init; }

    /// <summary>The components that run on it and told their version.</summary>
    public IReadOnlyList<ComponentReport> Components { get; init; } = [];

    /// <summary>What differs from what was written to it; null when that was not asked, or could not be.</summary>
    public IReadOnlyList<string>? Drift { get; init; }
}
