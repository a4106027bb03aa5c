using System.Diagnostics;
using System.Runtime.InteropServices;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>
/// What a user's Ctrl-C does to a run: the first lets what runs finish, a later one ends it. It listens itself from the very beginning,
/// since whoever called the engine may begin to listen only when the engine first waits for something.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // How long running steps may go on after the user stopped the run; a build is the longest.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    // The first Ctrl-C may arrive twice: here, and by way of the caller.
    private static readonly TimeSpan SecondPress = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly IRunObserver _observer;
    private readonly Stopwatch _stopped = new();

    // Never disposed: a signal may be on its way while the run ends.
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly CancellationTokenRegistration _caller;
    private readonly PosixSignalRegistration _signal;
    private Timer? _patience;

    internal Interruption(IRunObserver observer, CancellationToken stop)
    {
        _observer = observer;
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            Press();
        });
        _caller = stop.Register(Stop);
    }

    internal RunLimits Limits => new(_stop.Token, _kill.Token);

    public void Dispose()
    {
        _signal.Dispose();
        _caller.Dispose();
        _patience?.Dispose();
    }

    internal void Press()
    {
        if (_stopped.IsRunning && _stopped.Elapsed > SecondPress)
        {
            _kill.Cancel();
        }
        else
        {
            Stop();
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            if (_stopped.IsRunning)
            {
                return;
            }

            _stopped.Start();
            _patience = new Timer(_ => _kill.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        }

        _observer.OnMessage(MessageSeverity.Warning, "Stopping: what runs on the hosts is let finish. Ctrl-C once more ends it at once.");
        _stop.Cancel();
    }
}
