using System.Threading.Channels;

namespace PostgresHa.Offline;

/// <summary>How many may be at something at once: a number that can turn out to be too high, and is then lowered for good.</summary>
internal sealed class SessionGate
{
    private readonly Lock _lock = new();
    private readonly Channel<byte> _places = Channel.CreateUnbounded<byte>();
    private int _limit;

    internal SessionGate(int limit)
    {
        _limit = limit;
        for (var i = 0; i < limit; i++)
        {
            Leave();
        }
    }

    /// <summary>Waits for a place.</summary>
    internal async Task EnterAsync(CancellationToken kill) => await _places.Reader.ReadAsync(kill);

    /// <summary>Hands the place on.</summary>
    internal void Leave() => _places.Writer.TryWrite(0);

    /// <summary>Gives the place up for good, unless it is the last one. Whoever did has to enter again.</summary>
    internal bool GiveUp()
    {
        lock (_lock)
        {
            if (_limit == 1)
            {
                return false;
            }

            _limit--;
            return true;
        }
    }
}
