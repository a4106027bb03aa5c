using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>
/// Names of the database roles and API users the cluster itself uses. One place, so that the files of all services agree.
/// </summary>
public static class DatabaseRoles
{
    /// <summary>PostgreSQL's superuser: logs in by the unix socket of its own host only.</summary>
    public const string Superuser = "postgres";

    /// <summary>Replicas stream with it.</summary>
    public const string Replication = "replicator";

    /// <summary>pg_rewind reads with it.</summary>
    public const string Rewind = "rewind";

    /// <summary>PgBouncer looks up other roles' password verifiers with it.</summary>
    public const string PgBouncer = "pgbouncer";

    /// <summary>User of the unsafe methods of Patroni's REST API.</summary>
    public const string PatroniApi = "patroni";

    // A user of etcd has one password, and one that is changed shuts out who still comes with the former.
    private static readonly string[] EtcdUsers = ["patroni", "patroni-odd"];

    /// <summary>Patroni's user in etcd: one of two, in turn, each with the password of its time.</summary>
    /// <param name="cluster">The cluster.</param>
    public static string EtcdPatroni(ClusterSpecification cluster) => EtcdUsers[cluster.Passwords.Rotate % 2];

    /// <summary>The other one of <see cref="EtcdPatroni"/>, which it was before.</summary>
    /// <param name="cluster">The cluster.</param>
    public static string FormerEtcdPatroni(ClusterSpecification cluster) => EtcdUsers[1 - (cluster.Passwords.Rotate % 2)];

    /// <summary>The function by which PgBouncer looks up a role's name and verifier.</summary>
    public const string PgBouncerLookup = "pgbouncer.user_lookup";
}
