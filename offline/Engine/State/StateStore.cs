using System.Text.Json;

namespace PostgresHa.Offline;

/// <summary>The state file of one stack: read once, then written after every change, many at once where steps end together.</summary>
internal sealed class StateStore
{
    private readonly Lock _lock = new();
    private readonly StackSettings _settings;
    private readonly StateSerializer? _serializer;
    private readonly StackState _state;
    private TaskCompletionSource? _next;
    private Task _last = Task.CompletedTask;
    private bool _writing;

    private StateStore(StackSettings settings, StateSerializer? serializer, StackState state)
    {
        _settings = settings;
        _serializer = serializer;
        _state = state;
    }

    /// <summary>Reads the state; an empty one when there is no file yet, which to read only needs no passphrase either.</summary>
    internal static async Task<StateStore> LoadAsync(StackSettings settings, Ciphers ciphers, bool readOnly)
    {
        var path = settings.StatePath;
        if (!File.Exists(path))
        {
            if (readOnly)
            {
                return new StateStore(settings, null, new StackState());
            }

            var fresh = await ciphers.NewAsync().ConfigureAwait(false);
            return new StateStore(settings, new StateSerializer(fresh), new StackState { EncryptionSalt = fresh.EncryptionSalt });
        }

        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path).ConfigureAwait(false));
            var salt = StateSerializer.EncryptionSalt(document.RootElement)
                ?? throw new EngineException($"{path} is damaged: it has no encryption salt. Restore it from a backup.");
            var serializer = new StateSerializer(await ciphers.OpenAsync(salt, path).ConfigureAwait(false));
            return new StateStore(settings, serializer, serializer.Read(document.RootElement));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new EngineException($"{path} is damaged ({error.Message}). Restore it from a backup.", error);
        }
    }

    /// <summary>Reads from the state; nothing changes it meanwhile.</summary>
    internal T Read<T>(Func<StackState, T> read)
    {
        lock (_lock)
        {
            return read(_state);
        }
    }

    /// <summary>Changes the state; the change is on disk when the task is done.</summary>
    internal Task ChangeAsync(Action<StackState> change)
    {
        lock (_lock)
        {
            change(_state);
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var written = _last = _next.Task;
            if (!_writing)
            {
                _writing = true;
                _ = Task.Run(WriteAll);
            }

            return written;
        }
    }

    /// <summary>Done when every change so far is on disk.</summary>
    internal Task FlushAsync()
    {
        lock (_lock)
        {
            return _last;
        }
    }

    /// <summary>Removes the file of a stack that has nothing left.</summary>
    internal void Remove() => File.Delete(_settings.StatePath);

    internal static void PrepareDirectory(StackSettings settings)
    {
        var directory = Path.GetDirectoryName(settings.StatePath)!;
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // One write at a time; what changes meanwhile goes with the next.
    private void WriteAll()
    {
        while (true)
        {
            TaskCompletionSource waiting;
            byte[] content;
            lock (_lock)
            {
                if (_next is null)
                {
                    _writing = false;
                    return;
                }

                (waiting, _next) = (_next, null);
                content = _serializer!.Write(_state, _settings.Project, _settings.Stack);
            }

            try
            {
                Replace(_settings.StatePath, content);
                waiting.SetResult();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                waiting.SetException(new EngineException($"The state cannot be written to {_settings.StatePath}: {error.Message}", error));
            }
        }
    }

    private static void Replace(string path, byte[] content)
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
}
