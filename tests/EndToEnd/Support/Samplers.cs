using System.Net.Sockets;
using System.Text;

namespace PostgresHa.EndToEnd.Support;

/// <summary>Counts, again and again, how many etcd members take connections.</summary>
public sealed class QuorumSampler : IDisposable
{
    private readonly IReadOnlyList<string> _addresses;
    private readonly Thread _thread;
    private volatile bool _stop;

    public QuorumSampler(IReadOnlyList<string> addresses)
    {
        _addresses = addresses;
        Fewest = addresses.Count;
        // The members' ports are open to peers only.
        _thread = LabThread.Start(Work, LabFixture.Hosts.Keys.First());
    }

    /// <summary>The fewest members that took connections at the same time.</summary>
    public int Fewest { get; private set; }

    public int Samples { get; private set; }

    public void Stop()
    {
        _stop = true;
        _thread.Join(TimeSpan.FromSeconds(30));
    }

    public void Dispose() => Stop();

    private void Work()
    {
        while (!_stop)
        {
            var open = _addresses.Count(Answers);
            Fewest = Math.Min(Fewest, open);
            Samples++;
            Thread.Sleep(100);
        }
    }

    private static bool Answers(string address)
    {
        // Where a socket is made decides its network, not who waits for it.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            return socket.ConnectAsync(System.Net.IPAddress.Parse(address), 2379).Wait(TimeSpan.FromSeconds(2));
        }
        catch (AggregateException)
        {
            return false;
        }
    }
}

/// <summary>
/// Collects the arguments of every process of the machine, those of the lab's hosts included: they share its process table.
/// </summary>
public sealed class ArgumentSampler : IDisposable
{
    private readonly HashSet<string> _seen = [];
    private readonly Thread _thread;
    private volatile bool _stop;

    public ArgumentSampler()
    {
        _thread = new Thread(Work) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>All distinct command lines seen so far.</summary>
    public IReadOnlyList<string> Stop()
    {
        _stop = true;
        _thread.Join();
        return [.. _seen];
    }

    public void Dispose() => _stop = true;

    private void Work()
    {
        var known = new HashSet<(string Process, string Line)>();
        while (!_stop)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(static path => char.IsAsciiDigit(path[^1])))
            {
                try
                {
                    var line = Encoding.UTF8.GetString(File.ReadAllBytes(process + "/cmdline")).Replace('\0', ' ');
                    if (known.Add((process, line)))
                    {
                        _seen.Add(line);
                    }
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // It ended while we looked.
                }
            }

            Thread.Sleep(30);
        }
    }
}
