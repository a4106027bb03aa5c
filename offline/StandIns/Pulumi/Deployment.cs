using PostgresHa.StandIns;

namespace Pulumi;

public sealed class DeploymentInstance
{
    private readonly EngineSession _session;

    internal DeploymentInstance(EngineSession session) => _session = session;

    public bool IsDryRun => _session.IsDryRun;

    public string StackName => _session.Stack;

    public string ProjectName => _session.Project;
}

public sealed partial class Deployment
{
    // What the real SDK's process exits with when the user has been told already; and when only the engine knows what failed.
    private const int ExitAfterMessage = 32;
    private const int ExitAfterFailure = 1;

    private static readonly AsyncLocal<Deployment?> Ambient = new();

    private readonly EngineSession _session;
    private readonly TaskTracker _tasks = new();
    private int _sequence;

    private Deployment(EngineSession session)
    {
        _session = session;
        CurrentInstance = new DeploymentInstance(session);
    }

    public static DeploymentInstance Instance => Required.CurrentInstance;

    internal static Deployment? Current => Ambient.Value;

    internal static Deployment Required => Ambient.Value ?? throw new InvalidOperationException(
        "Trying to acquire Deployment.Instance before 'Run' was called.");

    internal Stack? Stack { get; set; }

    private DeploymentInstance CurrentInstance { get; }

    public static Task<int> RunAsync(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return RunAsync(() =>
        {
            action();
            return Task.FromResult<IDictionary<string, object?>>(new Dictionary<string, object?>());
        });
    }

    public static Task<int> RunAsync(Func<IDictionary<string, object?>> func) => RunAsync(() => Task.FromResult(func()));

    public static Task<int> RunAsync(Func<Task> func)
    {
        ArgumentNullException.ThrowIfNull(func);
        return RunAsync(async () =>
        {
            await func();
            return (IDictionary<string, object?>)new Dictionary<string, object?>();
        });
    }

    public static Task<int> RunAsync(Func<Task<IDictionary<string, object?>>> func, StackOptions? options = null) =>
        RunAsync(RequiredSession(), () => new Stack(func, options));

    public static Task<int> RunAsync<TStack>()
        where TStack : Stack, new() =>
        RunAsync(RequiredSession(), () => WithOutputs(new TStack()));

    internal int NextSequence() => Interlocked.Increment(ref _sequence);

    internal void Track(Task task) => _tasks.Add(task);

    internal string? GetConfig(string fullKey) => _session.Configuration.TryGetValue(fullKey, out var value) ? value : null;

    internal void Log(MessageSeverity severity, string message, Resource? resource) => _session.Engine.Log(severity, message, resource);

    private static EngineSession RequiredSession() => EngineSession.Current ?? throw new InvalidOperationException(
        "The program was run without an engine. Run it with `pulumi up`, or with `./pgha up` for the offline engine.");

    private static TStack WithOutputs<TStack>(TStack stack)
        where TStack : Stack
    {
        stack.RegisterPropertyOutputs();
        return stack;
    }

    private static async Task<int> RunAsync(EngineSession session, Func<Stack> program)
    {
        var deployment = new Deployment(session);
        Ambient.Value = deployment;
        try
        {
            var errors = new List<Exception>();
            try
            {
                var stack = program();
                deployment.Track(stack.StackOutputs.DataTask);
            }
            catch (Exception exception)
            {
                errors.Add(exception);
                session.Engine.Abort();
            }

            errors.AddRange(await deployment._tasks.WhenIdleAsync());
            return deployment.Report(errors);
        }
        finally
        {
            Ambient.Value = null;
        }
    }

    private int Report(List<Exception> errors)
    {
        var unknown = errors.Where(error => error is not ResourceFailedException).Distinct().ToList();
        foreach (var error in unknown)
        {
            Log(
                MessageSeverity.Error,
                error is RunException ? error.Message : $"Running program failed with an unhandled exception:\n{error}",
                null);
        }

        return unknown.Count > 0 ? ExitAfterMessage : errors.Count > 0 ? ExitAfterFailure : 0;
    }
}
