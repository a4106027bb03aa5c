using System.Net.Sockets;
using Npgsql;
using PostgresHa.Cli.Drills;

namespace PostgresHa.Tests.Cli.Drills;

public sealed class DatabaseAccessTests
{
    [Fact]
    public void A_mistake_of_the_program_is_no_outage()
    {
        // The driver's own: a command on a connection that was never given one.
        using var command = new NpgsqlCommand("select 1");
        var error = Assert.ThrowsAny<InvalidOperationException>(() => command.ExecuteNonQuery());
        Assert.False(DatabaseAccess.IsExpected(error, null));
        Assert.False(DatabaseAccess.IsExpected(new ObjectDisposedException("timer"), null));
        Assert.False(DatabaseAccess.IsExpected(new ArgumentException("no"), null));
    }

    [Fact]
    public void A_connection_that_broke_meanwhile_is_one()
    {
        using var connection = new NpgsqlConnection();
        using var command = new NpgsqlCommand("select 1", connection);
        Assert.True(DatabaseAccess.IsExpected(Assert.Throws<InvalidOperationException>(() => command.ExecuteNonQuery()), connection));
    }

    [Fact]
    public void A_server_that_is_not_there_is_one()
    {
        Assert.True(DatabaseAccess.IsExpected(new NpgsqlException("x", new SocketException(111)), null));
        Assert.True(DatabaseAccess.IsExpected(new TimeoutException(), null));
        Assert.True(DatabaseAccess.IsExpected(new IOException(), null));
    }
}
