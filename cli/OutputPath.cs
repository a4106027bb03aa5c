namespace PostgresHa.Cli;

/// <summary>Paths that an option names to be written to, looked at before anything else is done.</summary>
internal static class OutputPath
{
    /// <summary>A folder, which need not exist.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="given">What it says.</param>
    /// <returns>The absolute path.</returns>
    /// <exception cref="CommandException">It cannot be a folder's.</exception>
    public static string Folder(string option, string given)
    {
        var path = Absolute(option, given);
        return File.Exists(path) ? throw new CommandException($"{option}: {path} is a file; give a folder.") : path;
    }

    /// <summary>A file, which need not exist in a folder that does.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="given">What it says; null when it was left out.</param>
    /// <returns>The absolute path; null when it was left out.</returns>
    /// <exception cref="CommandException">It cannot be a file's.</exception>
    public static string? OptionalFile(string option, string? given)
    {
        if (given is null)
        {
            return null;
        }

        var path = Absolute(option, given);
        return Directory.Exists(path) ? throw new CommandException($"{option}: {path} is a folder; give a file.")
            : Directory.Exists(Path.GetDirectoryName(path)) ? path
            : throw new CommandException($"{option}: the folder {Path.GetDirectoryName(path)} does not exist; make it first.");
    }

    /// <summary>Writes, and says of a failure which option names another place.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="write">What writes.</param>
    /// <exception cref="CommandException">The place cannot be written to.</exception>
    public static async Task WriteAsync(string option, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option}: {error.Message.TrimEnd('.')}; give a place that you may write to.", error);
        }
    }

    /// <summary>Writes a file as a whole or not at all: under another name beside it, which then becomes its own.</summary>
    /// <param name="path">Its absolute path. What is no regular file, such as <c>/dev/stdout</c>, is written to and never replaced.</param>
    /// <param name="content">Its content.</param>
    /// <param name="cancellation">Leaves things as they were.</param>
    public static async Task ReplaceAsync(string path, string content, CancellationToken cancellation)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(path, content, cancellation);
            return;
        }

        // What a link leads to, and not the link.
        var target = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } led ? led.FullName : path;
        var temporary = Path.Join(Path.GetDirectoryName(target), $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            await File.WriteAllTextAsync(temporary, content, cancellation);
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string Absolute(string option, string given) => given.Length == 0
        ? throw new CommandException($"{option}: is empty; give a path.")
        : Path.GetFullPath(given);
}
