using System.Globalization;

namespace PostgresHa.Offline;

/// <summary>Keeps two runs off one stack. The system drops the lock with the process that held it, however that ended.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    internal static StateLock Take(string statePath, string operation)
    {
        var path = statePath + ".lock";
        FileStream file;
        try
        {
            // FileShare.None is flock() on Unix: a leftover file of a dead process locks nobody out.
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                BufferSize = 0,
            });
        }
        catch (IOException error)
        {
            throw new EngineException($"The stack is locked by {Holder(path)}. Wait for it to end, or end it; then run this again.", error);
        }

        // Beside the lock, since a locked file can't be read.
        File.WriteAllText(HolderPath(path), string.Create(
            CultureInfo.InvariantCulture,
            $"{operation}, process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName} since {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss zzz}"));
        return new StateLock(file);
    }

    // The lock's file stays: removing it would let a third run lock a new file while a second still has this one.
    public void Dispose()
    {
        File.Delete(HolderPath(_file.Name));
        _file.Dispose();
    }

    private static string HolderPath(string path) => path + "-holder";

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(HolderPath(path)) is { Length: > 0 } holder ? holder : "another run";
        }
        catch (IOException)
        {
            return "another run";
        }
    }
}
