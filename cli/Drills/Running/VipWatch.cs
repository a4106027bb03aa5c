using System.Collections.Concurrent;
using System.Diagnostics;
using PostgresHa.Components.Remote;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>Has each host that may hold the virtual IP tell when it takes or loses it.</summary>
internal sealed class VipWatch : IAsyncDisposable
{
    // The tool says something at least each second; a host that is silent for longer is gone.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HostShell _shell;
    private readonly long _zero;
    private readonly ConcurrentQueue<(string Host, TimeSpan At, bool Holds)> _changes = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <summary>Starts watching. The shell is the watch's own: it drops connections whenever a host falls silent.</summary>
    public VipWatch(ClusterSpecification cluster, HostShell shell, long zero)
    {
        _shell = shell;
        _zero = zero;
        _work = Task.WhenAll(cluster.VrrpHosts.Select(host => Task.Run(() => WatchAsync(host, cluster.Vip.Address))));
    }

    /// <summary>Each change so far: when a host took (true) or lost the address.</summary>
    public IReadOnlyList<(string Host, TimeSpan At, bool Holds)> Changes => [.. _changes];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        await _shell.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync(HostSpecification host, string vip)
    {
        bool? holds = null;
        while (!_stop.IsCancellationRequested)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            silence.CancelAfter(Silence + TimeSpan.FromSeconds(6));
            try
            {
                await _shell.FollowAsync(host, [HostPaths.Tool("drill-watch"), vip], OnLine, silence.Token);
            }
            catch (Exception error) when (error is SshException or OperationCanceledException)
            {
                // It is asked again below.
            }

            if (!_stop.IsCancellationRequested)
            {
                await _shell.ForgetAsync(host);
                await Task.Delay(Pause, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }

            void OnLine(string line)
            {
                try
                {
                    silence.CancelAfter(Silence);
                }
                catch (ObjectDisposedException)
                {
                    // A last line of a connection that was given up.
                    return;
                }

                var now = line.Trim() == "1";
                if (holds != now)
                {
                    holds = now;
                    _changes.Enqueue((host.Name, Stopwatch.GetElapsedTime(_zero), now));
                }
            }
        }
    }
}
