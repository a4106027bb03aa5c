using System.Text.Json;

namespace PostgresHa.Offline;

/// <summary>What is on disk of a stack: the state file, and the journal of a run that did not come to its end.</summary>
/// <param name="State">The state file's content; null when there is none.</param>
/// <param name="Serial">Its serial.</param>
/// <param name="HasJournal">Whether a journal lies beside it, used or not.</param>
/// <param name="Changes">The journal's changes, to be applied in this order.</param>
internal sealed record StateFiles(byte[]? State, long Serial, bool HasJournal, IReadOnlyList<JsonElement> Changes)
{
    // A preview may look while a run puts the journal into the file.
    private const int Looks = 5;

    /// <summary>Reads both. What cannot be read is not the same as what is not there.</summary>
    /// <exception cref="EngineException">One of them cannot be read, is damaged, or they do not belong together.</exception>
    internal static StateFiles Read(string path, bool readOnly)
    {
        for (var look = 1; ; look++)
        {
            var (state, journal) = (ReadIfThere(path), ReadIfThere(StateJournal.PathOf(path)));
            try
            {
                var serial = 0L;
                if (state is not null)
                {
                    using var document = JsonDocument.Parse(state);
                    serial = StateSerializer.Serial(document.RootElement);
                }

                var found = journal is null ? null : StateJournal.Read(journal);
                // An older journal is in the file already: whoever put it there was ended before it could remove it.
                if (found is null || (state is not null && found.Value.Serial < serial))
                {
                    return new StateFiles(state, serial, journal is not null, []);
                }

                if (state is not null && found.Value.Serial == serial)
                {
                    return new StateFiles(state, serial, true, found.Value.Changes);
                }
            }
            catch (Exception error) when (error is not EngineException)
            {
                throw Damaged(path, error);
            }

            if (!readOnly || look == Looks)
            {
                throw new EngineException(
                    $"{StateJournal.PathOf(path)} belongs to another state than {path}. Restore both from the same backup; if the state "
                    + "is the right one as it is, remove the journal.");
            }

            Thread.Sleep(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>A mapping of texts among the outputs; null where there is none.</summary>
    internal IReadOnlyDictionary<string, string>? PlainOutput(StackSettings settings, string name)
    {
        if (State is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(State);
        StateSerializer.RequireOf(document.RootElement, settings);
        IReadOnlyDictionary<string, string>? found = null;
        foreach (var part in Changes.Prepend(document.RootElement))
        {
            if (part.TryGetProperty("outputs", out var outputs))
            {
                found = outputs.ValueKind == JsonValueKind.Object && outputs.TryGetProperty(name, out var output)
                    && output.ValueKind == JsonValueKind.Object
                    ? output.EnumerateObject().Where(static one => one.Value.ValueKind == JsonValueKind.String)
                        .ToDictionary(static one => one.Name, static one => one.Value.GetString()!, StringComparer.Ordinal)
                    : null;
            }
        }

        return found;
    }

    internal static EngineException Damaged(string path, Exception error) =>
        new($"{path} is damaged ({error.Message.TrimEnd('.')}). Restore it from a backup.", error);

    /// <summary>Writes a file as a whole: whoever reads it, and whatever ends this, finds the old content or the new.</summary>
    internal static void Replace(string path, byte[] content)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        Native.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes the folder of the state, for its owner only.</summary>
    /// <exception cref="EngineException">It cannot be made.</exception>
    internal static void PrepareDirectory(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        try
        {
            if (!Directory.Exists(directory))
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The folder of the state, {directory}, cannot be made: {error.Message}", error);
        }
    }

    private static byte[]? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new EngineException(
                $"{path} cannot be read by user {Environment.UserName}. Run this as the user who applied the stack "
                + "(with sudo, if that was root).", error);
        }
        catch (IOException error)
        {
            throw new EngineException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
