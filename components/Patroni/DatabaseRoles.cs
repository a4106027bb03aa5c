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

    /// <summary>Patroni's user in etcd.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <returns>
    /// One of two, in turn: a user of etcd has one password, and one that is changed shuts out who still comes with the former.
    /// </returns>
    public static string EtcdPatroni(ClusterSpecification cluster) => cluster.Passwords.Rotate % 2 == 0 ? "patroni" : OtherEtcdPatroni;

    /// <summary>The other one of <see cref="EtcdPatroni"/>.</summary>
    /// <param name="cluster">The cluster.</param>
    public static string FormerEtcdPatroni(ClusterSpecification cluster) => cluster.Passwords.Rotate % 2 == 0 ? OtherEtcdPatroni : "patroni";

    private const string OtherEtcdPatroni = "patroni-odd";

    /// <summary>The function by which PgBouncer looks up a role's name and verifier.</summary>
    public const string PgBouncerLookup = "pgbouncer.user_lookup";
}
