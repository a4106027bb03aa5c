using System.Text.Json;

namespace PostgresHa.Offline;

/// <summary>
/// The state of one stack: read once, then each change appended to a journal, many at once where steps end together, and all of it written
/// as one file at the end of a run.
/// </summary>
internal sealed class StateStore
{
    private readonly Lock _lock = new();
    private readonly StackSettings _settings;
    private readonly StateSerializer? _serializer;
    private readonly StackState _state;
    private readonly StateJournal _journal;
    private TaskCompletionSource? _next;
    private Task _last = Task.CompletedTask;
    private bool _writing;
    private long _serial;

    // Whether the state file has everything but what the journal of this run holds.
    private bool _hasFile;
    private bool _hasJournal;

    private StateStore(StackSettings settings, StateSerializer? serializer, StackState state)
    {
        _settings = settings;
        _serializer = serializer;
        _state = state;
        _journal = new StateJournal(StateJournal.PathOf(settings.StatePath));
    }

    /// <summary>Reads the state; an empty one when there is no file yet, which to read only needs no passphrase either.</summary>
    /// <exception cref="EngineException">It cannot be read, is damaged, or the passphrase is wrong.</exception>
    internal static async Task<StateStore> LoadAsync(StackSettings settings, Ciphers ciphers, bool readOnly)
    {
        var files = StateFiles.Read(settings.StatePath, readOnly);
        if (files.State is null)
        {
            if (readOnly)
            {
                return new StateStore(settings, null, new StackState());
            }

            var fresh = await ciphers.NewAsync();
            return new StateStore(settings, new StateSerializer(fresh), new StackState { EncryptionSalt = fresh.EncryptionSalt });
        }

        try
        {
            using var document = JsonDocument.Parse(files.State);
            var root = document.RootElement;
            StateSerializer.RequireOf(root, settings);
            var salt = StateSerializer.EncryptionSalt(root) ?? throw new JsonException("it has no encryption salt");
            var serializer = new StateSerializer(await ciphers.OpenAsync(salt, settings.StatePath));
            var state = serializer.Read(root);
            foreach (var change in files.Changes)
            {
                serializer.Apply(state, change);
            }

            return new StateStore(settings, serializer, state)
            {
                _serial = files.Serial,
                _hasFile = !files.HasJournal,
                _hasJournal = files.HasJournal,
            };
        }
        catch (Exception error) when (error is not EngineException)
        {
            // Whatever damage there is: an index, a number, a null where none may be.
            throw StateFiles.Damaged(settings.StatePath, error);
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

    /// <summary>Puts everything into the state file, when every change so far is on disk.</summary>
    /// <exception cref="EngineException">It cannot be written.</exception>
    internal async Task FlushAsync()
    {
        Task last;
        lock (_lock)
        {
            last = _last;
        }

        await Task.WhenAny(last);
        lock (_lock)
        {
            var unwritten = _state.HasChanges;
            try
            {
                if (unwritten || _hasJournal)
                {
                    Write(WriteWhole);
                }
            }
            catch (EngineException) when (!unwritten)
            {
                // Nothing is lost: the journal has it, and the next run puts it into the file.
            }
        }
    }

    /// <summary>Removes the files of a stack that has nothing left.</summary>
    internal void Remove()
    {
        // In this order: a state file alone is whole, a journal alone belongs to nothing.
        _journal.Remove();
        File.Delete(_settings.StatePath);
    }

    // One write at a time; what changes meanwhile goes with the next.
    private void WriteAll()
    {
        while (true)
        {
            TaskCompletionSource waiting;
            Exception? failure = null;
            lock (_lock)
            {
                if (_next is null)
                {
                    _writing = false;
                    return;
                }

                (waiting, _next) = (_next, null);
            }

            try
            {
                Write(_hasFile ? AppendChanges : WriteWhole);
            }
            catch (Exception error)
            {
                // Also one nobody thought of: whoever waits must hear of it.
                failure = error;
            }

            if (failure is null)
            {
                waiting.SetResult();
            }
            else
            {
                waiting.SetException(failure);
                _ = waiting.Task.Exception; // seen: not everybody waits for what was only noted
            }
        }
    }

    private void Write(Action<StateChanges> write)
    {
        StateChanges changes;
        lock (_lock)
        {
            changes = _state.TakeChanges();
        }

        try
        {
            write(changes);
        }
        catch (Exception error)
        {
            lock (_lock)
            {
                _state.PutBack(changes);
            }

            throw error is IOException or UnauthorizedAccessException
                ? new EngineException(
                    $"The state cannot be written to {_settings.StatePath}: {error.Message} Make it writable, or make "
                    + "room; then run this again.",
                    error)
                : new EngineException($"The state cannot be written to {_settings.StatePath}: {error.Message}", error);
        }
    }

    private void AppendChanges(StateChanges changes)
    {
        byte[] content;
        lock (_lock)
        {
            content = _serializer!.WriteChanges(_state, changes);
        }

        _hasJournal = true;
        _journal.Append(content, _serial);
    }

    private void WriteWhole(StateChanges changes)
    {
        byte[] content;
        lock (_lock)
        {
            content = _serializer!.Write(_state, _serial + 1, _settings.Project, _settings.Stack);
        }

        StateFiles.Replace(_settings.StatePath, content);
        // From here on the journal, should it outlive this, is known to be older than the file.
        _serial++;
        _hasFile = true;
        _journal.Remove();
        _hasJournal = false;
    }
}
