using System.Text.Json;
using System.Text.Json.Serialization;

namespace PostgresHa.Cli.Status;

/// <summary>What one host sees of the cluster: the answer of its tool <c>host-report</c>.</summary>
public sealed record HostReport
{
    /// <summary>Its own name.</summary>
    public string Host { get; init; } = "";

    /// <summary>Its clock, in seconds since 1970.</summary>
    public double Time { get; init; }

    /// <summary>Seconds since its boot.</summary>
    public double Uptime { get; init; }

    /// <summary>Whether one of its interfaces carries the virtual IP.</summary>
    public bool Vip { get; init; }

    /// <summary>The units it was asked for.</summary>
    public IReadOnlyList<ServiceReport> Services { get; init; } = [];

    /// <summary>What its Patroni says.</summary>
    public PatroniReport Patroni { get; init; } = new();

    /// <summary>What its etcd says; null where there is no member.</summary>
    public EtcdReport? Etcd { get; init; }

    /// <summary>What its HAProxy says.</summary>
    public HAProxyReport HAProxy { get; init; } = new();
}

/// <summary>A systemd unit.</summary>
public sealed record ServiceReport
{
    /// <summary>Its name.</summary>
    public string Unit { get; init; } = "";

    /// <summary>LoadState: <c>loaded</c>, <c>not-found</c> …</summary>
    public string Loaded { get; init; } = "";

    /// <summary>ActiveState: <c>active</c>, <c>failed</c> …</summary>
    public string Active { get; init; } = "";

    /// <summary>SubState: <c>running</c>, <c>auto-restart</c> …</summary>
    public string Sub { get; init; } = "";

    /// <summary>UnitFileState: <c>enabled</c> …</summary>
    public string Enabled { get; init; } = "";

    /// <summary>When it became active, as systemd writes it.</summary>
    public string Since { get; init; } = "";

    /// <summary>How often systemd has restarted it.</summary>
    public int Restarts { get; init; }

    /// <summary>How it last ended: <c>success</c>, <c>exit-code</c> …</summary>
    public string Result { get; init; } = "";
}

/// <summary>Patroni's answers.</summary>
public sealed record PatroniReport
{
    /// <summary>Why there is no answer; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>The cluster as this member sees it.</summary>
    public PatroniCluster? Cluster { get; init; }
}

/// <summary>Patroni's <c>GET /cluster</c>.</summary>
public sealed record PatroniCluster
{
    /// <summary>The members.</summary>
    public IReadOnlyList<PatroniMember> Members { get; init; } = [];

    /// <summary>Whether automatic failover is switched off.</summary>
    public bool Pause { get; init; }
}

/// <summary>A member as Patroni lists it.</summary>
public sealed record PatroniMember
{
    /// <summary>Its name, that of the host.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>leader</c>, <c>replica</c>, <c>sync_standby</c>, <c>quorum_standby</c> …</summary>
    public string Role { get; init; } = "";

    /// <summary><c>running</c>, <c>streaming</c>, <c>start failed</c> …</summary>
    public string State { get; init; } = "";

    /// <summary>Its timeline; null when it does not say.</summary>
    public long? Timeline { get; init; }

    /// <summary>Bytes it is behind; a text such as <c>unknown</c> when nobody knows.</summary>
    public JsonElement Lag { get; init; }

    /// <summary>Whether a parameter waits for a restart.</summary>
    [JsonPropertyName("pending_restart")]
    public bool PendingRestart { get; init; }

    /// <summary><see cref="Lag"/> as a number; null when it is none.</summary>
    [JsonIgnore]
    public long? LagBytes => Lag.ValueKind == JsonValueKind.Number && Lag.TryGetInt64(out var bytes) ? bytes : null;
}

/// <summary>An etcd member's answers.</summary>
public sealed record EtcdReport
{
    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it can commit, that is, sees a quorum.</summary>
    public bool Healthy { get; init; }

    /// <summary>Its id.</summary>
    public string? Member { get; init; }

    /// <summary>Id of the member it takes for the leader.</summary>
    public string? Leader { get; init; }

    /// <summary>Its version.</summary>
    public string? Version { get; init; }

    /// <summary>Size of its database in bytes.</summary>
    public long? DbSize { get; init; }

    /// <summary>Its raft term.</summary>
    public long? RaftTerm { get; init; }
}

/// <summary>HAProxy's table.</summary>
public sealed record HAProxyReport
{
    /// <summary>Why there is none; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>The servers of all backends.</summary>
    public IReadOnlyList<HAProxyServer> Servers { get; init; } = [];
}

/// <summary>A server of a backend as one HAProxy sees it.</summary>
public sealed record HAProxyServer
{
    /// <summary>The backend.</summary>
    public string Proxy { get; init; } = "";

    /// <summary>The server, named after its host.</summary>
    public string Server { get; init; } = "";

    /// <summary><c>UP</c>, <c>DOWN</c>, <c>MAINT</c> … possibly with more behind it.</summary>
    public string Status { get; init; } = "";

    /// <summary>Result of the last check.</summary>
    public string Check { get; init; } = "";

    /// <summary>Seconds since the last change of status.</summary>
    public long Since { get; init; }

    /// <summary>Sessions it serves now.</summary>
    public long Sessions { get; init; }
}

/// <summary>What became of the question to one host.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Report">The answer; null when there is none.</param>
/// <param name="Failure">Why there is none.</param>
public sealed record HostAnswer(string Host, HostReport? Report, string? Failure);
