using System.Collections.Concurrent;
using PostgresHa.Offline;
using PostgresHa.StandIns;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;

namespace PostgresHa.Tests.Engine;

/// <summary>A stack in a temporary folder, and the engine on it.</summary>
public sealed class Harness : IDisposable
{
    public const string Passphrase = "correct horse battery staple";

    public Harness() => Settings = new StackSettings
    {
        Project = "postgres-ha",
        Stack = "test",
        ProjectDirectory = Folder,
        Passphrase = Passphrase,
    };

    public string Folder { get; } = Directory.CreateTempSubdirectory("pgha-test-").FullName;

    public StackSettings Settings { get; set; }

    public string StatePath => Path.Combine(Folder, ".state", "test.json");

    public Recorder Recorder { get; } = new();

    public static CommandArgs Args(SshServer server, string create, string? stdin = null, string? delete = null) => new()
    {
        Connection = new ConnectionArgs
        {
            Host = "127.0.0.1",
            Port = server.Port,
            User = Environment.UserName,
            HostKey = server.HostKey,
            PrivateKey = server.PrivateKey,
            DialErrorLimit = 3,
            PerDialTimeout = 5,
        },
        Create = create,
        Stdin = stdin is null ? null : (Input<string>)stdin,
        Delete = delete is null ? null : (Input<string>)delete,
        AddPreviousOutputInEnv = false,
    };

    public OfflineEngine Engine(Action program) => new(Settings, () => Deployment.RunAsync(program));

    public Task<RunReport> Up(Action program, CancellationToken stop = default) => Engine(program).UpAsync(Recorder, stop);

    public Task<RunReport> Preview(Action program) => Engine(program).PreviewAsync(Recorder);

    public Task<RunReport> Destroy() => Engine(() => { }).DestroyAsync(Recorder);

    /// <summary>All that a user could see of a run.</summary>
    public string Everything(RunReport report) => string.Join('\n',
    [
        .. Recorder.Messages, .. Recorder.Lines,
        .. report.Results.Select(result => $"{result.Step.Name} {result.Status}: {result.Error} {result.LastLine}"),
    ]);

    public string At(string file) => Path.Combine(Folder, file);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A component that only groups.</summary>
public sealed class Group : ComponentResource
{
    public Group(string name, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Group", name, options) => RegisterOutputs();
}

/// <summary>Keeps what the engine says.</summary>
public sealed class Recorder : IRunObserver
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<string> Messages { get; } = new();

    public ConcurrentQueue<StepResult> Ended { get; } = new();

    public void OnStarted(Step step, TimeSpan at)
    {
    }

    public void OnOutput(Step step, string line) => Lines.Enqueue(line);

    public void OnEnded(StepResult result) => Ended.Enqueue(result);

    public void OnMessage(MessageSeverity severity, string message) => Messages.Enqueue(message);
}

public static class ReportExtensions
{
    public static StepOperation Of(this RunReport report, string name) => report.Steps.Single(step => step.Name == name).Operation;

    public static StepResult Result(this RunReport report, string name) => report.Results.Single(result => result.Step.Name == name);
}
