using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PostgresHa.EndToEnd.Support;

/// <summary>
/// Looks for a text in every packet that crosses the lab's network: what somebody on the way between clients and hosts reads.
/// </summary>
public sealed class Sniffer : IDisposable
{
    // Of packet(7): every protocol, in network order.
    private static readonly ProtocolType Everything = (ProtocolType)(ushort)IPAddress.HostToNetworkOrder((short)3);

    private readonly byte[] _wanted;
    private readonly Socket _socket;
    private readonly Thread _thread;
    private long _packets;
    private volatile bool _seen;

    public Sniffer(string wanted)
    {
        _wanted = Encoding.UTF8.GetBytes(wanted);
        _socket = LabThread.Run(static () => new Socket(AddressFamily.Packet, SocketType.Raw, Everything)
        {
            // A burst while this thread waits for its turn.
            ReceiveBufferSize = 32 << 20,
        });
        _thread = new Thread(Look) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Whether the text was in one of the packets; fails where none crossed at all.</summary>
    public bool Stop()
    {
        Dispose();
        Assert.True(_packets > 0, "no packet crossed the lab's network");
        return _seen;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    private void Look()
    {
        var packet = new byte[1 << 16];
        try
        {
            while (true)
            {
                var length = _socket.Receive(packet);
                _packets++;
                _seen |= packet.AsSpan(0, length).IndexOf(_wanted) >= 0;
            }
        }
        catch (SocketException)
        {
            // It was closed.
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
