using Npgsql;

namespace PostgresHa.EndToEnd.Support;

/// <summary>Questions to the database through the virtual IP.</summary>
public sealed class Database(string vip, string password)
{
    public const int Write = 5000;
    public const int Read = 5001;
    public const int PooledWrite = 5002;
    public const int PooledRead = 5003;

    /// <summary>Whether it comes with TLS. Default: where the server has it.</summary>
    public SslMode Ssl { get; init; } = SslMode.Prefer;

    /// <summary>The same, for a client that comes so.</summary>
    public Database With(SslMode ssl) => new(vip, password) { Ssl = ssl };

    public string ConnectionString(int port) => new NpgsqlConnectionStringBuilder
    {
        Host = vip,
        Port = port,
        Database = "app",
        Username = "app",
        Password = password,
        SslMode = Ssl,
        Pooling = false,
        Timeout = 5,
        CommandTimeout = 10,
        // PgBouncer lends a server connection for a transaction; nothing may outlive one.
        NoResetOnClose = true,
    }.ConnectionString;

    /// <summary>One value.</summary>
    public T Ask<T>(int port, string sql) => LabThread.Run(() =>
    {
        using var connection = new NpgsqlConnection(ConnectionString(port));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    });

    public void Execute(int port, string sql) => LabThread.Run(() =>
    {
        using var connection = new NpgsqlConnection(ConnectionString(port));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteNonQuery();
    });
}
