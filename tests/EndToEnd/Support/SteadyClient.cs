using System.Diagnostics;
using Npgsql;

namespace PostgresHa.EndToEnd.Support;

/// <summary>A client that writes through the virtual IP without pause, on one connection, and connects anew when it loses it.</summary>
public sealed class SteadyClient : IDisposable
{
    private const string Table = "steady_client";

    private readonly Database _database;
    private readonly Thread _thread;
    private readonly List<string> _failures = [];
    private volatile bool _stop;
    private long _acknowledged;

    public SteadyClient(Database database)
    {
        _database = database;
        database.Execute(Database.Write, $"create table if not exists {Table} (id bigint primary key); truncate {Table}");
        _thread = LabThread.Start(Work);
    }

    /// <summary>Connections it lost.</summary>
    public int LostConnections { get; private set; }

    /// <summary>The longest time between two acknowledged writes.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>What it was told when it failed.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Waits until so many more writes were acknowledged: whatever a change does to the client, it has felt it by then.</summary>
    public void Continue(int writes)
    {
        var goal = Interlocked.Read(ref _acknowledged) + writes;
        var started = Stopwatch.GetTimestamp();
        while (Interlocked.Read(ref _acknowledged) < goal)
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(90),
                $"the client does not write any more: {string.Join("; ", _failures)}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Ends the client.</summary>
    /// <returns>The number of acknowledged writes that are not in the database: must be none.</returns>
    public long Stop()
    {
        _stop = true;
        Assert.True(_thread.Join(TimeSpan.FromSeconds(90)), "the client did not end");
        Assert.True(_acknowledged > 0, "the client wrote nothing: " + string.Join("; ", _failures));
        var there = _database.Ask<long>(Database.Write, $"select count(*) from {Table}");
        return Math.Max(0, _acknowledged - there);
    }

    public void Dispose() => _stop = true;

    private void Work()
    {
        var id = 0L;
        var last = Stopwatch.GetTimestamp();
        while (!_stop)
        {
            var connected = false;
            try
            {
                using var connection = new NpgsqlConnection(_database.ConnectionString(Database.Write));
                connection.Open();
                connected = true;
                while (!_stop)
                {
                    using var command = new NpgsqlCommand($"insert into {Table} values ({++id})", connection);
                    command.ExecuteNonQuery();
                    Interlocked.Increment(ref _acknowledged);
                    var gap = Stopwatch.GetElapsedTime(last);
                    LongestGap = gap > LongestGap ? gap : LongestGap;
                    last = Stopwatch.GetTimestamp();
                    Thread.Sleep(20);
                }
            }
            catch (Exception error) when (error is NpgsqlException or InvalidOperationException or IOException)
            {
                _failures.Add(error.Message);
                // One that never came to be was not lost: between leaders there is nobody to connect to; nor one that led, until HAProxy's
                // next check, to the former leader, which is a replica by then and says so.
                var refused = error is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };
                LostConnections += connected && !refused ? 1 : 0;
                Thread.Sleep(100);
            }
        }
    }
}
