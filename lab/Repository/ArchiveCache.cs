using System.Collections.Concurrent;

namespace PostgresHa.Lab.Repository;

/// <summary>Files of the mirrors, fetched once and kept.</summary>
internal sealed class ArchiveCache : IDisposable
{
    /// <summary>Marks what the mirror does not have, so that a later run needs no network to know.</summary>
    private const string AbsentSuffix = ".absent";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _fetching = new();
    private readonly RepositorySettings _settings;
    private readonly MirrorClient _client;

    public ArchiveCache(RepositorySettings settings)
    {
        _settings = settings;
        _client = new MirrorClient(settings.Proxy);
    }

    /// <summary>The file's place in the cache, fetched if it is not there yet; null when no mirror has any.</summary>
    /// <exception cref="HttpRequestException">A mirror cannot be reached or answers with an error.</exception>
    public async Task<string?> FindAsync(string archive, string path, CancellationToken cancellation)
    {
        var file = Path.Combine(_settings.Packages, archive, path);
        if (File.Exists(file))
        {
            return file;
        }

        if (File.Exists(file + AbsentSuffix))
        {
            return null;
        }

        // Three hosts ask for the same file at the same moment: the first fetches it, the others wait for it.
        var turn = _fetching.GetOrAdd(file, _ => new SemaphoreSlim(1));
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

    public void Dispose() => _client.Dispose();

    private async Task<string?> FetchAsync(string archive, string path, string file, CancellationToken cancellation)
    {
        if (!_settings.Archives.TryGetValue(archive, out var mirrors))
        {
            return null;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (await DownloadAsync(mirrors, path, file, cancellation))
        {
            return file;
        }

        if (ArchivePath.IsNamedByIndex(path))
        {
            await ForgetOldIndexesAsync(archive, mirrors, cancellation);
        }
        else if (ArchivePath.IsIndex(path))
        {
            // Remembered for indexes only: a package that is missing today may be a mirror being updated.
            await File.WriteAllTextAsync(file + AbsentSuffix, string.Empty, cancellation);
        }

        return null;
    }

    private async Task<bool> DownloadAsync(IReadOnlyList<string> mirrors, string path, string file, CancellationToken cancellation)
    {
        foreach (var mirror in mirrors)
        {
            if (await _client.DownloadAsync(ArchivePath.At(mirror, path), file, cancellation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What an index names and the mirror does not have: the mirror has moved on since the index was fetched. Whoever asks for the index
    /// next gets today's. One that is today's is kept, so that a mirror that is incomplete costs no more than its absent file.
    /// </summary>
    private async Task ForgetOldIndexesAsync(string archive, IReadOnlyList<string> mirrors, CancellationToken cancellation)
    {
        var dists = Path.Combine(_settings.Packages, archive, "dists");
        foreach (var release in Directory.Exists(dists) ? Directory.GetFiles(dists, "InRelease", SearchOption.AllDirectories) : [])
        {
            var suite = Path.GetDirectoryName(release)!;
            // Beside the suite's folder, which may go.
            var fresh = AtomicFile.Temporary(suite);
            try
            {
                if (await DownloadAsync(mirrors, $"dists/{Path.GetRelativePath(dists, suite)}/InRelease", fresh, cancellation)
                    && !File.ReadAllBytes(fresh).AsSpan().SequenceEqual(File.ReadAllBytes(release)))
                {
                    Directory.Delete(suite, recursive: true);
                }
            }
            finally
            {
                File.Delete(fresh);
            }
        }
    }
}
