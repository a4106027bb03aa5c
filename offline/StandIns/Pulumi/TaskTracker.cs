namespace Pulumi;

// Everything that has been started and must be done before the program's end.
internal sealed class TaskTracker
{
    private readonly Lock _lock = new();
    private readonly List<Exception> _errors = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running = 1;

    internal void Add(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        lock (_lock)
        {
            _running++;
        }

        // Not inline: what a value's completion triggers (and adds here) must be registered before the value counts as done.
        task.ContinueWith(Done, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    // Unlike the real runner, which gives up at the first error, all that goes on independently of an error is waited for.
    internal async Task<IReadOnlyList<Exception>> WhenIdleAsync()
    {
        Done(Task.CompletedTask);
        await _idle.Task;
        return _errors;
    }

    private void Done(Task task)
    {
        lock (_lock)
        {
            if (task.Exception is { } exception)
            {
                foreach (var error in exception.Flatten().InnerExceptions)
                {
                    if (!_errors.Contains(error))
                    {
                        _errors.Add(error);
                    }
                }
            }

            if (--_running == 0)
            {
                _idle.TrySetResult();
            }
        }
    }
}
