namespace PostgresHa.Cli.Drills;

/// <summary>What a client connects to.</summary>
public enum Endpoint
{
    /// <summary>The write port of the virtual IP.</summary>
    Write,

    /// <summary>The pooled write port of the virtual IP.</summary>
    PooledWrite,

    /// <summary>The read port of the virtual IP.</summary>
    Read,

    /// <summary>The former leader's own address: the client that was cut off together with it.</summary>
    CutOff,
}

/// <summary>
/// One statement that a client tried, from the first byte sent to the answer or the failure. Times count from the start of the
/// measurement.
/// </summary>
/// <param name="Client">Number of the client, unique over all endpoints.</param>
/// <param name="Endpoint">What it went to.</param>
/// <param name="Sequence">Number of the attempt within the client.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it was acknowledged or failed.</param>
/// <param name="Error">Kind of the failure, an SQLSTATE or the exception's class; null for a success.</param>
/// <param name="Server">Address of the server that acknowledged; null for a failure.</param>
/// <param name="Timeline">WAL timeline of an acknowledged write; null for reads and failures.</param>
public sealed record Attempt(
    int Client, Endpoint Endpoint, long Sequence, TimeSpan Started, TimeSpan Ended, string? Error, string? Server, int? Timeline)
{
    /// <summary>Whether it was acknowledged.</summary>
    public bool Succeeded => Error is null;
}

/// <summary>A row as the database holds it after the drill.</summary>
/// <param name="Client">Number of the client that wrote it.</param>
/// <param name="Sequence">Number of the attempt within the client.</param>
/// <param name="Server">Address of the server that took it.</param>
/// <param name="Timeline">WAL timeline it was written on.</param>
public sealed record StoredRow(int Client, long Sequence, string Server, int Timeline);

/// <summary>What one host's PostgreSQL answered when it was asked directly.</summary>
/// <param name="Host">Name of the host.</param>
/// <param name="Asked">When it was asked.</param>
/// <param name="Answered">When the answer, or the failure, was there.</param>
/// <param name="Writable">Whether it takes writes; null when it did not answer.</param>
/// <param name="Timeline">Its timeline while it takes writes.</param>
public sealed record HostSample(string Host, TimeSpan Asked, TimeSpan Answered, bool? Writable, int? Timeline);

/// <summary>Something that happened during a drill.</summary>
/// <param name="Name">What, in two or three words.</param>
/// <param name="At">When.</param>
/// <param name="Detail">More about it, for instance a host; may be empty.</param>
public sealed record DrillEvent(string Name, TimeSpan At, string Detail = "");
