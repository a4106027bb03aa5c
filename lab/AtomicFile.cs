namespace PostgresHa.Lab;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes a text beside its target and renames it there.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellation, UnixFileMode mode = Readable)
    {
        var temporary = Temporary(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        try
        {
            await using (var writer = new StreamWriter(temporary, options))
            {
                await writer.WriteAsync(text.AsMemory(), cancellation);
            }

            File.SetUnixFileMode(temporary, mode);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Copies a file beside its target and renames it there.</summary>
    public static void Copy(string source, string path)
    {
        var temporary = Temporary(path);
        try
        {
            File.Copy(source, temporary);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A name in the target's folder that nobody else uses.</summary>
    public static string Temporary(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid().ToString("N")[..8]}.part");
}
