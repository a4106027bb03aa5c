namespace PostgresHa.Specification;

/// <summary>
/// A secret of the cluster, a password but for one: generated once and kept in the state, or set in the stack's configuration.
/// </summary>
/// <param name="Name">Its name, for instance <c>superuser</c>.</param>
/// <param name="Meaning">Whose password it is, in a few words.</param>
public sealed record ClusterSecret(string Name, string Meaning)
{
    /// <summary>The name of its key beside <c>postgres-ha:cluster</c>. What it may hold: <see cref="Passwords.Check"/>.</summary>
    public string Key { get; init; } = Name + "Password";

    /// <summary>
    /// Characters of a generated one: 32 letters and digits are 190 bits, and nothing that any configuration format would want quoted.
    /// </summary>
    public int GeneratedLength { get; init; } = 32;

    /// <summary>
    /// Whether an authority is derived from it, whose number says which one it is, and when there is another. Default false.
    /// </summary>
    public bool IsSeed { get; init; }

    /// <summary>The fewest characters of one that the stack sets. Default 1: how good a password is its owner knows.</summary>
    public int LeastLength { get; init; } = 1;
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

    /// <summary>
    /// What the private key of the certificate authority is derived from. Whoever has it can pass for any host and try at leisure, hence
    /// its length.
    /// </summary>
    public static ClusterSecret AuthoritySeed { get; } = new(
        "authoritySeed",
        "no password: the private key of the stack's certificate authority is derived from it; at least 48 random characters")
    {
        Key = "authoritySeed",
        IsSeed = true,
        GeneratedLength = 64,
        LeastLength = 48,
    };

    /// <summary>The same of an authority with an even number: while one takes over from the other there are two.</summary>
    public static ClusterSecret EvenAuthoritySeed { get; } = AuthoritySeed with
    {
        Name = "evenAuthoritySeed",
        Key = "evenAuthoritySeed",
        Meaning = "the same of the authorities with an even number, see `tls.authorities`",
    };

    /// <summary>
    /// Key of the authority that the user brings, beside <c>postgres-ha:cluster</c>: private key and certificates as PEM.
    /// </summary>
    public const string OwnAuthority = "ownAuthority";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ClusterSecret> All { get; } =
    [
        Superuser, Replication, Rewind, Application, PgBouncer, PatroniApi, EtcdRoot, EtcdPatroni, Statistics, AuthoritySeed,
        EvenAuthoritySeed,
    ];

    /// <summary>From what an authority is derived.</summary>
    /// <param name="number">Its number.</param>
    public static ClusterSecret SeedOf(int number) => number % 2 == 0 ? EvenAuthoritySeed : AuthoritySeed;
}
