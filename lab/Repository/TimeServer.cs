using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PostgresHa.Lab.Repository;

/// <summary>
/// Tells the machine's time inside the lab, by NTP (RFC 5905): a virtual machine's clock is its own, and nothing else there knows the time.
/// </summary>
public static class TimeServer
{
    private const int Port = 123;
    private const int Length = 48;
    private const int Client = 3;
    private const int Server = 4;

    // Seconds between NTP's epoch and Unix's.
    private const ulong Epoch = 2_208_988_800;

    /// <summary>Serves until it is ended.</summary>
    /// <param name="address">Address to listen at.</param>
    internal static async Task<int> RunAsync(string address)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Parse(address), Port));
        while (true)
        {
            var question = await socket.ReceiveAsync();
            if (Answer(question.Buffer, DateTimeOffset.UtcNow) is { } answer)
            {
                await socket.SendAsync(answer, question.RemoteEndPoint);
            }
        }
    }

    /// <summary>The answer to a client's question; null when it is none.</summary>
    /// <param name="question">The packet that came.</param>
    /// <param name="now">When.</param>
    public static byte[]? Answer(ReadOnlySpan<byte> question, DateTimeOffset now)
    {
        if (question.Length < Length || (question[0] & 7) != Client)
        {
            return null;
        }

        var answer = new byte[Length];
        // The client's version; the leap second is not ours to know.
        answer[0] = (byte)((question[0] & 0b0011_1000) | Server);
        // One step from a clock that nobody vouches for; good to a millisecond.
        answer[1] = 10;
        answer[2] = question[2];
        answer[3] = unchecked((byte)-10);
        "LOCL"u8.CopyTo(answer.AsSpan(12));
        var time = Timestamp(now);
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(16), time);
        // By its own timestamp the client knows the answer as one to its question.
        question.Slice(40, 8).CopyTo(answer.AsSpan(24));
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(32), time);
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(40), time);
        return answer;
    }

    // Seconds in the upper half, which wraps in 2036 as the protocol means it to; the fraction in the lower.
    private static ulong Timestamp(DateTimeOffset now)
    {
        var ticks = (ulong)(now - DateTimeOffset.UnixEpoch).Ticks;
        var seconds = (ticks / TimeSpan.TicksPerSecond) + Epoch;
        return (seconds << 32) | (((ticks % TimeSpan.TicksPerSecond) << 32) / TimeSpan.TicksPerSecond);
    }
}
