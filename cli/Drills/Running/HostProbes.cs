using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>Asks each host's PostgreSQL directly, five times a second, whether it takes writes.</summary>
internal sealed class HostProbes : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<HostSample> _samples = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <summary>Starts asking.</summary>
    public HostProbes(ClusterSpecification cluster, DatabaseAccess access, long zero) =>
        _work = Task.WhenAll(cluster.Hosts.Select(host => Task.Run(() => AskAsync(host, access.To(host), zero))));

    /// <summary>The answers so far.</summary>
    public IReadOnlyList<HostSample> Samples => [.. _samples];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task AskAsync(HostSpecification host, NpgsqlDataSource source, long zero)
    {
        NpgsqlConnection? connection = null;
        while (!_stop.IsCancellationRequested)
        {
            var asked = Stopwatch.GetElapsedTime(zero);
            bool? writable = null;
            int? timeline = null;
            try
            {
                connection ??= await source.OpenConnectionAsync();

                await using var command = new NpgsqlCommand(ContinuityStore.Probe, connection);
                await using var reader = await command.ExecuteReaderAsync();
                await reader.ReadAsync();
                (writable, timeline) = (reader.GetBoolean(0), await reader.IsDBNullAsync(1) ? null : reader.GetInt32(1));
            }
            catch (Exception error) when (DatabaseAccess.IsExpected(error, connection))
            {
                connection?.Dispose();
                connection = null;
            }

            _samples.Enqueue(new HostSample(host.Name, asked, Stopwatch.GetElapsedTime(zero), writable, timeline));
            await Task.Delay(Interval, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        connection?.Dispose();
        await source.DisposeAsync();
    }
}
