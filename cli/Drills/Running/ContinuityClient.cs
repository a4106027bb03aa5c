using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace PostgresHa.Cli.Drills;

/// <summary>Writers and readers that never rest; every attempt is on record.</summary>
internal sealed class ContinuityClient : IAsyncDisposable
{
    /// <summary>Time between two statements of one client while all is well.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly DatabaseAccess _access;
    private readonly long _zero;
    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];

    /// <summary>Starts two writers on each write endpoint and two readers.</summary>
    /// <param name="access">How they connect.</param>
    /// <param name="zero">Start of the measurement, a <see cref="Stopwatch"/> timestamp.</param>
    public ContinuityClient(DatabaseAccess access, long zero)
    {
        _access = access;
        _zero = zero;
        foreach (var endpoint in (Endpoint[])[Endpoint.Write, Endpoint.PooledWrite, Endpoint.Read])
        {
            Start(endpoint, access.To(endpoint));
            Start(endpoint, access.To(endpoint));
        }
    }

    /// <summary>What was tried so far.</summary>
    public IReadOnlyList<Attempt> Attempts => [.. _attempts];

    /// <summary>Adds a writer that connects to one host's own PostgreSQL: a client that shares the host's side of a partition.</summary>
    public void StartCutOff(Specification.HostSpecification host) => Start(Endpoint.CutOff, _access.To(host));

    /// <summary>Whether each endpoint of the virtual IP has had a success since a moment.</summary>
    public bool FlowsSince(TimeSpan moment)
    {
        var seen = _attempts.Where(attempt => attempt.Succeeded && attempt.Started >= moment).Select(static attempt => attempt.Endpoint)
            .ToHashSet();
        return seen.IsSupersetOf([Endpoint.Write, Endpoint.PooledWrite, Endpoint.Read]);
    }

    /// <summary>Ends all clients. What they were about to be told is waited for, so that nothing stays in doubt.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private void Start(Endpoint endpoint, NpgsqlDataSource source)
    {
        var number = _clients.Count + 1;
        _clients.Add(Task.Run(() => WorkAsync(number, endpoint, source)));
    }

    private async Task WorkAsync(int number, Endpoint endpoint, NpgsqlDataSource source)
    {
        NpgsqlConnection? connection = null;
        var pause = FirstPause;
        for (var sequence = 1L; !_stop.IsCancellationRequested; sequence++)
        {
            var started = Stopwatch.GetElapsedTime(_zero);
            try
            {
                connection ??= await source.OpenConnectionAsync();

                var (server, timeline) = endpoint == Endpoint.Read
                    ? await ReadAsync(connection, number)
                    : await WriteAsync(connection, number, sequence);
                Record(null, server, timeline);
                pause = FirstPause;
                await RestAsync(Pace);
            }
            catch (Exception error) when (DatabaseAccess.IsExpected(error, connection))
            {
                Record(DatabaseAccess.Kind(error), null, null);
                await CloseAsync(connection);
                connection = null;
                await RestAsync(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            void Record(string? kind, string? server, int? timeline) =>
                _attempts.Enqueue(new Attempt(
                    number, endpoint, sequence, started, Stopwatch.GetElapsedTime(_zero), kind, server, timeline));
        }

        await CloseAsync(connection);
        await source.DisposeAsync();
    }

    private static async Task<(string Server, int? Timeline)> WriteAsync(NpgsqlConnection connection, int number, long sequence)
    {
        await using var command = new NpgsqlCommand(ContinuityStore.Insert, connection)
        {
            Parameters = { new() { Value = number }, new() { Value = sequence }, new() { Value = DateTime.UtcNow } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var answer = (reader.GetString(1), reader.GetInt32(0));
        // The row comes before the commit: only the end of the answer acknowledges.
        while (await reader.NextResultAsync())
        {
        }

        return answer;
    }

    private static async Task<(string Server, int? Timeline)> ReadAsync(NpgsqlConnection connection, int number)
    {
        await using var command = new NpgsqlCommand(ContinuityStore.Select, connection) { Parameters = { new() { Value = number } } };
        return (Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!, null);
    }

    private static async Task CloseAsync(NpgsqlConnection? connection)
    {
        try
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
        catch (Exception error) when (DatabaseAccess.IsExpected(error, connection))
        {
            // It was broken already.
        }
    }

    private Task RestAsync(TimeSpan time) => Task.Delay(time, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
}
