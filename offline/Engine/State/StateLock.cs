using System.Globalization;

namespace PostgresHa.Offline;

/// <summary>Keeps two runs off one stack. The system drops the lock with the process that held it, however that ended.</summary>
internal sealed class StateLock : IDisposable
{
    // EWOULDBLOCK, what flock() says of a lock that somebody has; .NET hands the number on as it is.
    private const int HeldByAnother = 11;

    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="EngineException">Another run has it, or its file cannot be written.</exception>
    internal static StateLock Take(string statePath, string operation)
    {
        var path = statePath + ".lock";
        FileStream? file = null;
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

            // Beside the lock, since a locked file can't be read.
            File.WriteAllText(HolderPath(path), string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}, process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName} since "
                + $"{DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss zzz}"));
            return new StateLock(file);
        }
        catch (IOException error) when (error.HResult == HeldByAnother)
        {
            throw new EngineException($"The stack is locked by {Holder(path)}. Wait for it to end, or end it; then run this again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new EngineException(
                $"The state cannot be written below {Path.GetDirectoryName(path)}, so nothing was begun: {error.Message}", error);
        }
    }

    // The lock's file stays: removing it would let a third run lock a new file while a second still has this one.
    public void Dispose()
    {
        try
        {
            File.Delete(HolderPath(_file.Name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file system that became read-only meanwhile; the name of a holder without a lock misleads nobody.
        }

        _file.Dispose();
    }

    private static string HolderPath(string path) => path + "-holder";

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(HolderPath(path)) is { Length: > 0 } holder ? holder : "another run";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another run";
        }
    }
}
