using System.Data;
using System.Net.Sockets;
using Npgsql;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>How the drill's clients connect.</summary>
/// <remarks>
/// As an application should behind a virtual IP: each client keeps one connection, gives up on an answer after a second or two instead of
/// waiting for TCP, drops the connection at any error and connects anew at once, with pauses that grow from 10 to 100 ms. No pool of the
/// driver's stands between, so that every measured attempt is the server's answer and not a pool's.
/// </remarks>
internal sealed class DatabaseAccess
{
    private readonly ClusterSpecification _cluster;
    private readonly string _user;
    private readonly string _password;
    private readonly string _database;

    /// <summary>As the application's role.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="uri">The stack's output connectionUri.</param>
    public DatabaseAccess(ClusterSpecification cluster, Uri uri)
    {
        _cluster = cluster;
        var user = uri.UserInfo.Split(':', 2);
        _user = Uri.UnescapeDataString(user[0]);
        _password = Uri.UnescapeDataString(user[1]);
        _database = uri.AbsolutePath.TrimStart('/');
    }

    /// <summary>Connections to an endpoint of the virtual IP.</summary>
    public NpgsqlDataSource To(Endpoint endpoint) => Source(endpoint switch
    {
        Endpoint.Write => Text(_cluster.Vip.Address, _cluster.Ports.Write, answer: 2),
        Endpoint.PooledWrite => Text(_cluster.Vip.Address, _cluster.Ports.PooledWrite, answer: 2),
        Endpoint.Read => Text(_cluster.Vip.Address, _cluster.Ports.Read, answer: 1),
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, "needs a host"),
    });

    /// <summary>Connections to a host's own PostgreSQL.</summary>
    public NpgsqlDataSource To(HostSpecification host) => Source(Text(host.Address, _cluster.Ports.Postgres, answer: 1));

    /// <summary>Connections for what the drill itself does before and afterwards, with more patience.</summary>
    public NpgsqlDataSource ForAdministration() => Source(Text(_cluster.Vip.Address, _cluster.Ports.Write, answer: 30));

    /// <summary>The kind of a failure: SQLSTATE, or the innermost exception's class, which says more than the driver's.</summary>
    public static string Kind(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error switch
        {
            PostgresException refused => refused.SqlState,
            NpgsqlException { InnerException: { } inner } => Kind(inner),
            SocketException socket => socket.SocketErrorCode.ToString(),
            IOException { InnerException: { } inner } => Kind(inner),
            OperationCanceledException or TimeoutException => "Timeout",
            _ => error.GetType().Name,
        };
    }

    /// <summary>
    /// Whether a failure is one that a client has to expect while a database fails over, and no mistake of this program.
    /// </summary>
    /// <param name="error">The failure.</param>
    /// <param name="connection">The connection it came from: the driver calls using one that broke meanwhile an invalid operation. Null
    /// where there is none.</param>
    public static bool IsExpected(Exception error, NpgsqlConnection? connection) => error switch
    {
        InvalidOperationException => connection is { State: not ConnectionState.Open },
        _ => error is NpgsqlException or SocketException or IOException or TimeoutException or OperationCanceledException,
    };

    private string Text(string host, int port, int answer) => new NpgsqlConnectionStringBuilder
    {
        Host = host,
        Port = port,
        Database = _database,
        Username = _user,
        Password = _password,
        Pooling = false,
        Timeout = 1,
        CommandTimeout = answer,
        // A connection whose answer is late is dropped, not asked to cancel: the server may not be there to hear it.
        CancellationTimeout = -1,
        TcpKeepAlive = true,
        TcpKeepAliveTime = 1,
        TcpKeepAliveInterval = 1,
        ApplicationName = "pgha drill",
    }.ConnectionString;

    // Nothing but texts and numbers is exchanged; the catalogue of types would cost a reconnect another query.
    private static NpgsqlDataSource Source(string text) =>
        new NpgsqlDataSourceBuilder(text).ConfigureTypeLoading(static types => types.EnableTypeLoading(false)).Build();
}
