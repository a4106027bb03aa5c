using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace PostgresHa.Offline;

/// <summary>
/// The private files that the SSH client needs: host keys, login keys, sockets. In memory where the system allows, gone at the end.
/// </summary>
internal sealed class SshFiles : IDisposable
{
    private const string Prefix = "pgha-ssh-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly ConcurrentDictionary<string, Lazy<string>> _byContent = new(StringComparer.Ordinal);
    private DirectoryInfo? _scripts;
    private int _count;

    internal SshFiles()
    {
        // A socket's path holds at most 107 characters, so not below a long TMPDIR.
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : "/tmp";
        RemoveLeftovers(parent);
        Folder = Path.Combine(
            parent, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Path.GetRandomFileName()[..8]}"));
        Directory.CreateDirectory(Folder, OwnerOnly);
    }

    internal string Folder { get; }

    /// <summary>A file with the content, the same one for the same content.</summary>
    internal string For(string content) =>
        _byContent.GetOrAdd(content, text => new Lazy<string>(() => Write(text))).Value;

    /// <summary>An executable file with the content, which holds no secret: shared memory may forbid executing.</summary>
    internal string Script(string content)
    {
        _scripts ??= Directory.CreateTempSubdirectory(Prefix);
        var path = Path.Combine(_scripts.FullName, Next());
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, OwnerOnly);
        return path;
    }

    internal string Socket() => Path.Combine(Folder, "s" + Next());

    public void Dispose()
    {
        try
        {
            _scripts?.Delete(recursive: true);
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A client that is just ending may still remove its socket.
        }
    }

    private string Write(string content)
    {
        var path = Path.Combine(Folder, "f" + Next());
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(System.Text.Encoding.UTF8.GetBytes(content));
        return path;
    }

    private string Next() => Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);

    // A run that was killed could not clean up after itself.
    private static void RemoveLeftovers(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            if (!int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var owner)
                || IsAlive(owner))
            {
                continue;
            }

            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's.
            }
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
