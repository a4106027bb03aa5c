namespace PostgresHa.Specification;

/// <summary>A password of the cluster: generated once and kept in the state, or set in the stack's configuration.</summary>
/// <param name="Name">Its name, for instance <c>superuser</c>.</param>
/// <param name="Meaning">Whose password it is, in a few words.</param>
public sealed record ClusterSecret(string Name, string Meaning)
{
    /// <summary>
    /// Characters of a generated one: 32 letters and digits are 190 bits, and nothing that any configuration format would want quoted.
    /// </summary>
    public const int GeneratedLength = 32;

    /// <summary>The name of its key beside <c>postgres-ha:cluster</c>. What it may hold: <see cref="Passwords.Check"/>.</summary>
    public string Key => Name + "Password";
}

/// <summary>The cluster's secrets: all of them, and nowhere else.</summary>
public static class SecretCatalogue
{
    /// <summary>PostgreSQL's superuser.</summary>
    public static ClusterSecret Superuser { get; } = new("superuser", "PostgreSQL's superuser `postgres`");

    /// <summary>The role that replicas stream with.</summary>
    public static ClusterSecret Replication { get; } = new("replication", "PostgreSQL's replication role `replicator`");

    /// <summary>The role that pg_rewind reads with.</summary>
    public static ClusterSecret Rewind { get; } = new("rewind", "PostgreSQL's role for pg_rewind, `rewind`");

    /// <summary>The application's role.</summary>
    public static ClusterSecret Application { get; } = new("application", "the application's role, `postgres.owner`");

    /// <summary>PgBouncer's role for its authentication query.</summary>
    public static ClusterSecret PgBouncer { get; } = new("pgbouncer", "PgBouncer's role for its authentication query, `pgbouncer`");

    /// <summary>User of Patroni's REST API, for the methods that change something.</summary>
    public static ClusterSecret PatroniApi { get; } = new(
        "patroniApi", "user `patroni` of Patroni's REST API, for the methods that change something");

    /// <summary>etcd's administrator.</summary>
    public static ClusterSecret EtcdRoot { get; } = new("etcdRoot", "etcd's user `root`");

    /// <summary>etcd's user for Patroni.</summary>
    public static ClusterSecret EtcdPatroni { get; } = new("etcdPatroni", "etcd's user `patroni`, for the cluster's keys only");

    /// <summary>User of HAProxy's statistics page.</summary>
    public static ClusterSecret Statistics { get; } = new("statistics", "user of HAProxy's statistics page, `haproxy.statisticsUser`");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ClusterSecret> All { get; } =
        [Superuser, Replication, Rewind, Application, PgBouncer, PatroniApi, EtcdRoot, EtcdPatroni, Statistics];
}
