using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>A web server on the loopback address that can end a connection in the middle of a file, as mirrors do.</summary>
internal sealed class FaultyServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FaultyServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The file at each path.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>What else there is.</summary>
    public Func<string, byte[]?> Otherwise { get; set; } = static _ => null;

    /// <summary>
    /// Of how many bytes a connection lives; each answer takes one from the front, and the last one holds for all that come after.
    /// </summary>
    public Queue<int> Cuts { get; } = new();

    /// <summary>First byte of each answer that was begun.</summary>
    public List<long> Starts { get; } = [];

    public Uri At(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}");

    public void Dispose() => _listener.Stop();

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
            catch (InvalidOperationException)
            {
                // Stopped, between two connections or while it waited for one.
                return;
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                if (!_listener.Server.IsBound)
                {
                    return;
                }
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
        long start = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
            {
                start = long.Parse(header["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }
        }

        if ((Files.GetValueOrDefault(path) ?? Otherwise(path)) is not { } file)
        {
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            return;
        }

        Starts.Add(start);
        var body = file.AsMemory((int)start);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {(start > 0 ? "206 Partial Content" : "200 OK")}\r\nContent-Length: {body.Length}\r\nETag: \"one\"\r\n"
            + (start > 0 ? $"Content-Range: bytes {start}-{file.Length - 1}/{file.Length}\r\n" : "") + "Connection: close\r\n\r\n"));
        var cut = Cuts.Count switch { 0 => int.MaxValue, 1 => Cuts.Peek(), _ => Cuts.Dequeue() };
        await stream.WriteAsync(body[..Math.Min(cut, body.Length)]);
    }
}
