using System.Net;
using System.Net.Http.Headers;

namespace PostgresHa.Lab.Repository;

/// <summary>Downloads from a mirror that may drop a connection at any byte, or answer with a page of somebody else's.</summary>
public sealed class MirrorClient : IDisposable
{
    // What files of an archive begin with: a page that asks for a login is none of them.
    private static readonly (string Suffix, byte[] Start)[] Kinds =
    [
        (".deb", "!<arch>\n"u8.ToArray()),
        (".xz", [0xfd, 0x37, 0x7a]),
        (".gz", [0x1f, 0x8b]),
        (".bz2", "BZh"u8.ToArray()),
        ("InRelease", "-----BEGIN PGP"u8.ToArray()),
    ];

    // Of a mirror that accepts a connection and then says nothing.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client;
    private readonly TimeSpan _pause;
    private readonly int _attempts;

    /// <summary>A client.</summary>
    /// <param name="proxy">Proxy to go through; null for the environment's.</param>
    /// <param name="pause">Time before the second attempt, which doubles with each further one. Default 250 ms.</param>
    /// <param name="attempts">How often a download is begun or taken up. Default 6.</param>
    public MirrorClient(string? proxy = null, TimeSpan? pause = null, int attempts = 6)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(15),
            AutomaticDecompression = DecompressionMethods.None,
        };
        if (proxy is not null)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        _client = new HttpClient(handler) { Timeout = Silence };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("postgres-ha-lab");
        _attempts = attempts;
        _pause = pause ?? TimeSpan.FromMilliseconds(250);
    }

    /// <summary>
    /// Fetches a file, which is there whole or not at all. A connection that ends too soon is taken up again where it ended.
    /// </summary>
    /// <param name="address">What to fetch.</param>
    /// <param name="file">Where to keep it.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>False when the mirror does not have it.</returns>
    /// <exception cref="HttpRequestException">It cannot be reached, or answers with something else, several times in a row.</exception>
    public async Task<bool> DownloadAsync(Uri address, string file, CancellationToken cancellation)
    {
        var temporary = AtomicFile.Temporary(file);
        try
        {
            EntityTagHeaderValue? version = null;
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var begun = version is not null && File.Exists(temporary) ? new FileInfo(temporary).Length : 0;
                    using var request = new HttpRequestMessage(HttpMethod.Get, address);
                    if (begun > 0)
                    {
                        request.Headers.Range = new RangeHeaderValue(begun, null);
                        request.Headers.IfRange = new RangeConditionHeaderValue(version!);
                    }

                    using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                    if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden)
                    {
                        return false;
                    }

                    response.EnsureSuccessStatusCode();
                    version = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
                    await ReadAsync(response, temporary, response.StatusCode == HttpStatusCode.PartialContent ? begun : 0, cancellation);
                    RequireKind(address, temporary);
                    if (response.Content.Headers.LastModified is { } modified)
                    {
                        File.SetLastWriteTimeUtc(temporary, modified.UtcDateTime);
                    }

                    File.Move(temporary, file, overwrite: true);
                    return true;
                }
                catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException
                    && !cancellation.IsCancellationRequested)
                {
                    if (error is HttpRequestException { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
                    {
                        File.Delete(temporary);
                    }

                    if (attempt == _attempts)
                    {
                        throw new HttpRequestException($"{address}: {error.Message}", error);
                    }
                }

                await Task.Delay(_pause * Math.Pow(2, attempt - 1), cancellation);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task ReadAsync(HttpResponseMessage response, string file, long begun, CancellationToken cancellation)
    {
        await using var target = new FileStream(file, FileMode.OpenOrCreate);
        target.SetLength(begun);
        target.Seek(begun, SeekOrigin.Begin);
        await using var source = await response.Content.ReadAsStreamAsync(cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = new byte[1 << 16];
        while (true)
        {
            limit.CancelAfter(Silence);
            if (await source.ReadAsync(buffer, limit.Token) is not (> 0 and var count))
            {
                break;
            }

            await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }

        if (response.Content.Headers.ContentLength is { } length && begun + length != target.Length)
        {
            throw new HttpRequestException("the connection ended too soon");
        }
    }

    private static void RequireKind(Uri address, string file)
    {
        var start = Kinds.FirstOrDefault(kind => address.AbsolutePath.EndsWith(kind.Suffix, StringComparison.Ordinal)).Start;
        if (start is null)
        {
            return;
        }

        var seen = new byte[start.Length];
        using var stream = File.OpenRead(file);
        if (stream.ReadAtLeast(seen, seen.Length, throwOnEndOfStream: false) < seen.Length || !seen.AsSpan().SequenceEqual(start))
        {
            throw new HttpRequestException("what it answers with is no such file");
        }
    }
}
