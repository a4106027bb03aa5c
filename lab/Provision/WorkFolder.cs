namespace PostgresHa.Lab.Provision;

/// <summary>A folder for intermediate results; removed when disposed, and by the next one if it could not be.</summary>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>Creates it in the cache. The cache's lock must be held: what is found there belongs to nobody any more.</summary>
    public WorkFolder(string cache)
    {
        Path = System.IO.Path.Combine(cache, "work");
        Dispose();
        Directory.CreateDirectory(Path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            // What was mounted there went with the mount namespace it was mounted in.
            Directory.Delete(Path, recursive: true);
        }
    }
}
