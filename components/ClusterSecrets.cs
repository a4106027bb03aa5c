using Pulumi;

namespace PostgresHa.Components;

/// <summary>The passwords of the cluster. Each travels by stdin only, into files of mode 0600.</summary>
public sealed record ClusterSecrets
{
    /// <summary>PostgreSQL's superuser <c>postgres</c>.</summary>
    public required Output<string> Superuser { get; init; }

    /// <summary>PostgreSQL's replication role <c>replicator</c>.</summary>
    public required Output<string> Replication { get; init; }

    /// <summary>PostgreSQL's role for pg_rewind, <c>rewind</c>.</summary>
    public required Output<string> Rewind { get; init; }

    /// <summary>The application's role.</summary>
    public required Output<string> Application { get; init; }

    /// <summary>PgBouncer's role for its authentication query, <c>pgbouncer</c>.</summary>
    public required Output<string> PgBouncer { get; init; }

    /// <summary>Patroni's REST API, for the methods that change something.</summary>
    public required Output<string> PatroniApi { get; init; }

    /// <summary>etcd's user <c>root</c>.</summary>
    public required Output<string> EtcdRoot { get; init; }

    /// <summary>etcd's user <c>patroni</c>.</summary>
    public required Output<string> EtcdPatroni { get; init; }

    /// <summary>HAProxy's statistics page.</summary>
    public required Output<string> Statistics { get; init; }
}
