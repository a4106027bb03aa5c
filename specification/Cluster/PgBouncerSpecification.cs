namespace PostgresHa.Specification;

/// <summary>PgBouncer's pool mode.</summary>
public enum PoolMode
{
    /// <summary>A server connection is lent for a transaction.</summary>
    Transaction,

    /// <summary>A server connection is lent for a session.</summary>
    Session,

    /// <summary>A server connection is lent for a statement.</summary>
    Statement,
}

/// <summary>PgBouncer.</summary>
public sealed record PgBouncerSpecification
{
    [Choice("For how long a server connection is lent.", "transaction")]
    public required PoolMode PoolMode { get; init; }

    [Number("Most client connections of one PgBouncer.", 1000, 1, 1_000_000)]
    public required int MaxClientConnections { get; init; }

    [Number("Server connections per database and user.", 20, 1, 10000)]
    public required int DefaultPoolSize { get; init; }

    [Number("Further server connections when clients wait.", 5, 0, 10000)]
    public required int ReservePoolSize { get; init; }

    [Number("Most server connections of one database; below postgres.maxConnections.", 100, 1, 10000)]
    public required int MaxDatabaseConnections { get; init; }

    [Number("Prepared statements kept per connection; 0 keeps none.", 200, 0, 100_000)]
    public required int MaxPreparedStatements { get; init; }

    /// <summary>
    /// Whether <see cref="MaxPreparedStatements"/> stands in the stack file: then a PgBouncer that keeps none is refused.
    /// </summary>
    public bool PreparedStatementsAsked { get; init; }

    [Duration("Wait before a failed login to PostgreSQL is tried again.", "1s", "1s", "5m", Step = "1s")]
    public required TimeSpan ServerLoginRetry { get; init; }

    [Duration("How long a client may wait for a server connection.", "30s", "1s", "1h", Step = "1s")]
    public required TimeSpan QueryWaitTimeout { get; init; }

    [Texts(
        "Parameters that a client may send at login and PgBouncer drops: they have no effect, set them by `ALTER ROLE`. `options` stands "
        + "for all those "
        + "in PGOPTIONS and is always needed, unless the list is empty: then a client that sends one is refused.",
        "options",
        "search_path",
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "extra_float_digits")]
    public required IReadOnlyList<string> IgnoreStartupParameters { get; init; }
}
