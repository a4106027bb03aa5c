using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>
/// The state as a run uses it: there once it is loaded, its secrets masked from then on, what goes wrong with it said once.
/// </summary>
internal sealed class RunState
{
    private readonly Task<StateStore> _store;
    private readonly Action<string> _unwritable;
    private int _told;

    internal RunState(Task<StateStore> loading, SecretMask mask, Action<string> unwritable)
    {
        _store = MaskedAsync(loading, mask);
        _unwritable = unwritable;
    }

    /// <summary>Whether there is none: it is damaged, or the passphrase is wrong. Whoever started the run says so.</summary>
    internal bool IsFaulted => _store.IsFaulted;

    /// <summary>Whether every change so far could be written.</summary>
    internal bool IsRecorded => _told == 0;

    /// <summary>Waits until it is loaded.</summary>
    internal async Task LoadedAsync()
    {
        try
        {
            await _store;
        }
        catch (EngineException error)
        {
            throw new ResourceFailedException("state", error);
        }
    }

    /// <summary>Reads from the state, which is loaded.</summary>
    internal T Read<T>(Func<StackState, T> read) => _store.Result.Read(read);

    /// <summary>Changes the state, which is loaded; on disk when the task is done.</summary>
    /// <exception cref="ResourceFailedException">It cannot be written; the user was told.</exception>
    internal async Task ChangeAsync(string name, Action<StackState> change)
    {
        try
        {
            await _store.Result.ChangeAsync(change);
        }
        catch (EngineException error)
        {
            Tell(error);
            throw new ResourceFailedException(name, error);
        }
    }

    /// <summary>Puts everything that was done into the state file; false when that cannot be, which the user was told.</summary>
    internal async Task<bool> FlushAsync()
    {
        try
        {
            await _store.Result.FlushAsync();
            return true;
        }
        catch (EngineException error)
        {
            Tell(error);
            return false;
        }
    }

    private void Tell(EngineException error)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            _unwritable(error.Message);
        }
    }

    private static async Task<StateStore> MaskedAsync(Task<StateStore> loading, SecretMask mask)
    {
        var store = await loading;
        // Also of what stays as it is, and of what is to be removed.
        mask.Add(store.Read(state => state.All
            .SelectMany(resource => CommandProvider.Secrets(resource.Inputs).Concat(CommandProvider.Secrets(resource.Outputs)))
            .Concat(state.Outputs.SecretTexts())
            .ToList()));
        return store;
    }
}
