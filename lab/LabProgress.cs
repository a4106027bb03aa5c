namespace PostgresHa.Lab;

/// <summary>One line of live progress.</summary>
/// <param name="Elapsed">Time since the operation began.</param>
/// <param name="Subject">What it is about: a host's name, or <c>lab</c>.</param>
/// <param name="Message">What happened, in a few words.</param>
public sealed record LabProgress(TimeSpan Elapsed, string Subject, string Message);

/// <summary>How long one phase took.</summary>
/// <param name="Name">The phase.</param>
/// <param name="Duration">Its wall-clock time.</param>
public sealed record PhaseTiming(string Name, TimeSpan Duration);

/// <summary>What bringing the lab up cost.</summary>
/// <param name="Timings">The phases in order; those that had nothing to do are there too.</param>
/// <param name="Total">Wall-clock time of all.</param>
public sealed record LabUpResult(IReadOnlyList<PhaseTiming> Timings, TimeSpan Total);

/// <summary>Whether a host of the lab runs.</summary>
public enum LabHostState
{
    /// <summary>It was never created, or the lab is down.</summary>
    Absent,

    /// <summary>It exists and does not run: it was powered off or killed.</summary>
    Stopped,

    /// <summary>It is being started, or between two boots.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Running,
}

/// <summary>The state of one host.</summary>
/// <param name="Host">The host.</param>
/// <param name="State">Whether it runs.</param>
/// <param name="System">What its systemd says of itself: running, degraded, starting …; null when it does not run.</param>
/// <param name="Uptime">Time since its boot; null when it does not run.</param>
public sealed record LabHostStatus(LabHost Host, LabHostState State, string? System, TimeSpan? Uptime);

/// <summary>The state of the lab.</summary>
/// <param name="Up">True when all hosts run and packages are served.</param>
/// <param name="Serving">True when the package repository answers.</param>
/// <param name="Hosts">The hosts, in the order of the definition, and after them those it does not name any more.</param>
public sealed record LabStatus(bool Up, bool Serving, IReadOnlyList<LabHostStatus> Hosts);
