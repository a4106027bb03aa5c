namespace PostgresHa.Components.Declarations;

/// <summary>A systemd unit of a service on a host.</summary>
/// <param name="Name">Its name, for instance <c>haproxy.service</c>.</param>
public sealed record ServiceUnit(string Name)
{
    /// <summary>
    /// Tool, or a program by its path, and arguments, polled until they succeed: the service is healthy. Default none: it is not ours to
    /// start.
    /// </summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <summary>How long it may take to become healthy. Default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tool and arguments that restart the service safely. Default <c>systemctl restart UNIT</c>.</summary>
    public IReadOnlyList<string>? Restarter { get; init; }

    /// <summary>Texts besides its files a change of which restarts the service, for instance a version. Default none.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>
    /// Whether it is the system's own, which other programs may restart as well; the status shows it all the same. Default false.
    /// </summary>
    public bool IsForeign { get; init; }
}
