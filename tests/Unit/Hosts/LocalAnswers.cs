using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Answers every HTTP request on a loopback port with the same text, and remembers what was asked for.</summary>
internal sealed class LocalAnswers : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<string> _requests = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public LocalAnswers(string body)
    {
        _listener.Start();
        _serving = ServeAsync(body);
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>The first line of each request.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _serving.Wait();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync(string body)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                using var reader = new StreamReader(client.GetStream());
                var first = await reader.ReadLineAsync();
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }

                lock (_requests)
                {
                    _requests.Add(first ?? "");
                }

                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
