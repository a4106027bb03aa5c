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
    /// <summary>Pool mode. Default <see cref="Specification.PoolMode.Transaction"/>.</summary>
    public required PoolMode PoolMode { get; init; }

    /// <summary>Most client connections of one PgBouncer. Default 1000.</summary>
    public required int MaxClientConnections { get; init; }

    /// <summary>Server connections per database and user. Default 20.</summary>
    public required int DefaultPoolSize { get; init; }

    /// <summary>Further server connections when clients wait. Default 5.</summary>
    public required int ReservePoolSize { get; init; }

    /// <summary>Most server connections of one database. Default 100; below max_connections.</summary>
    public required int MaxDatabaseConnections { get; init; }

    /// <summary>Prepared statements kept per connection (max_prepared_statements). Default 200.</summary>
    public required int MaxPreparedStatements { get; init; }

    /// <summary>Whether <see cref="MaxPreparedStatements"/> stands in the stack file: then a PgBouncer that keeps none is refused. Default false.</summary>
    public bool PreparedStatementsAsked { get; init; }

    /// <summary>Wait before a failed login to PostgreSQL is tried again (server_login_retry). Default 1 s.</summary>
    public required TimeSpan ServerLoginRetry { get; init; }

    /// <summary>How long a client may wait for a server connection (query_wait_timeout). Default 30 s.</summary>
    public required TimeSpan QueryWaitTimeout { get; init; }

    /// <summary>
    /// Parameters that a client may send at login and PgBouncer drops (ignore_startup_parameters). Default: <c>options</c>, search_path, extra_float_digits and the
    /// time limits; empty, or <c>options</c> is among them.
    /// </summary>
    public required IReadOnlyList<string> IgnoreStartupParameters { get; init; }
}
