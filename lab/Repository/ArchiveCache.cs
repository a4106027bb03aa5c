using System.Collections.Concurrent;
using System.Net;

namespace PostgresHa.Lab.Repository;

/// <summary>Files of the mirrors, fetched once and kept.</summary>
internal sealed class ArchiveCache : IDisposable
{
    /// <summary>Marks what the mirror does not have, so that a later run needs no network to know.</summary>
    private const string AbsentSuffix = ".absent";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> fetching = new();
    private readonly RepositorySettings settings;
    private readonly HttpClient client;

    public ArchiveCache(RepositorySettings settings)
    {
        this.settings = settings;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15), AutomaticDecompression = DecompressionMethods.None };
        if (settings.Proxy is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        client = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("postgres-ha-lab");
    }

    /// <summary>The file's place in the cache, fetched if it is not there yet; null when the mirror has none.</summary>
    /// <exception cref="HttpRequestException">The mirror cannot be reached or answers with an error.</exception>
    public async Task<string?> FindAsync(string archive, string path, CancellationToken cancellation)
    {
        var file = Path.Combine(settings.Packages, archive, path);
        if (File.Exists(file))
        {
            return file;
        }

        if (File.Exists(file + AbsentSuffix))
        {
            return null;
        }

        // Three hosts ask for the same file at the same moment: the first fetches it, the others wait for it.
        var turn = fetching.GetOrAdd(file, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            return File.Exists(file) ? file : await FetchAsync(archive, path, file, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<string?> FetchAsync(string archive, string path, string file, CancellationToken cancellation)
    {
        if (!settings.Mirrors.TryGetValue(archive, out var mirror))
        {
            return null;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var response = await client.GetAsync(ArchivePath.At(mirror, path), HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden)
        {
            // Remembered for indexes only: a package that is missing today may be a mirror being updated.
            if (ArchivePath.IsIndex(path))
            {
                await File.WriteAllTextAsync(file + AbsentSuffix, string.Empty, cancellation);
            }

            return null;
        }

        response.EnsureSuccessStatusCode();
        var temporary = AtomicFile.Temporary(file);
        try
        {
            await using (var target = new FileStream(temporary, FileMode.CreateNew))
            {
                await response.Content.CopyToAsync(target, cancellation);
                if (response.Content.Headers.ContentLength is { } length && length != target.Length)
                {
                    throw new HttpRequestException($"{path} came short");
                }
            }

            if (response.Content.Headers.LastModified is { } modified)
            {
                File.SetLastWriteTimeUtc(temporary, modified.UtcDateTime);
            }

            File.Move(temporary, file, overwrite: true);
            return file;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
