using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using PostgresHa.Infra;
using PostgresHa.Tests.Unit.Components;
using Pulumi;
using Pulumi.Testing;

namespace PostgresHa.Tests.Unit.Topology;

/// <summary>One resource as the engine would see it.</summary>
public sealed record Seen(string Type, string Name, ImmutableDictionary<string, object> Inputs)
{
    public bool IsCommand => Type == "command:remote:Command";

    /// <summary>Whether a list or mapping among the inputs has elements.</summary>
    public bool Holds(string input) =>
        Inputs.TryGetValue(input, out var value) && value is IEnumerable elements && elements.Cast<object>().Any();

    public string Text(string input) => Inputs.TryGetValue(input, out var value) ? value as string ?? "" : "";
}

/// <summary>A run of the stack against Pulumi's mocks: what was registered, and what waits for what.</summary>
public sealed class StackRun
{
    // The program reads its configuration from the environment, which belongs to the whole process.
    private static readonly SemaphoreSlim Turn = new(1);

    // The transformation is told nothing of the run it belongs to.
    private static readonly AsyncLocal<StackRun?> Current = new();

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _dependencies = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Seen> _seen = [];
    private readonly List<(Resource Resource, ResourceOptions Options)> _declared = [];

    private readonly DateTimeOffset _now;
    private readonly IReadOnlyDictionary<string, string> _answers;

    private StackRun(DateTimeOffset now, IReadOnlyDictionary<string, string> answers) => (_now, _answers) = (now, answers);

    public const string SecretMark = "s3cretOf";

    public IReadOnlyList<Seen> Resources { get; private set; } = [];

    public IReadOnlyList<Seen> Commands => [.. Resources.Where(static resource => resource.IsCommand)];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Dependencies => _dependencies;

    public Seen Command(string name) => Commands.Single(command => command.Name == name);

    /// <summary>Whether one resource waits for another, over any number of steps.</summary>
    public bool WaitsFor(string name, string other)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            foreach (var dependency in _dependencies.GetValueOrDefault(next, []))
            {
                if (dependency == other)
                {
                    return true;
                }

                if (known.Add(dependency))
                {
                    open.Push(dependency);
                }
            }
        }

        return false;
    }

    /// <summary>The moment at which the stack is run unless a test says another.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    public static Task<StackRun> OfAsync(JsonElement cluster, params (string Key, string Value)[] secrets) =>
        OfAsync(cluster, Now, secrets);

    public static Task<StackRun> OfAsync(JsonElement cluster, DateTimeOffset now, params (string Key, string Value)[] secrets) =>
        OfAsync(cluster, now, new Dictionary<string, string>(), secrets);

    /// <summary>The same where hosts answer otherwise, by the names of the commands.</summary>
    public static Task<StackRun> OfAsync(JsonElement cluster, IReadOnlyDictionary<string, string> answers) =>
        OfAsync(cluster, Now, answers, []);

    private static async Task<StackRun> OfAsync(
        JsonElement cluster, DateTimeOffset now, IReadOnlyDictionary<string, string> answers, (string Key, string Value)[] secrets)
    {
        await Turn.WaitAsync();
        try
        {
            var configuration = secrets.ToDictionary(static secret => "postgres-ha:" + secret.Key, static secret => secret.Value);
            // As Pulumi's engine hands them over.
            Environment.SetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS", JsonSerializer.Serialize(configuration.Keys));
            configuration["postgres-ha:cluster"] = cluster.GetRawText();
            Environment.SetEnvironmentVariable("PULUMI_CONFIG", JsonSerializer.Serialize(configuration));
            var run = new StackRun(now, answers);
            Current.Value = run;
            await Deployment.TestAsync<TracedStack>(new Mocks(run), new TestOptions { ProjectName = "postgres-ha", StackName = "test" });
            run.Resources = [.. run._seen];
            foreach (var (resource, options) in run._declared)
            {
                var names = await NamesAsync(options.DependsOn);
                if (options.Parent is { } parent)
                {
                    names = [.. names, parent.GetResourceName()];
                }

                run._dependencies[resource.GetResourceName()] = names;
            }

            return run;
        }
        finally
        {
            Environment.SetEnvironmentVariable("PULUMI_CONFIG", null);
            Environment.SetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS", null);
            Turn.Release();
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(InputList<Resource> resources)
    {
        var done = new TaskCompletionSource<IReadOnlyList<string>>();
        Output<ImmutableArray<Resource>> output = resources;
        output.Apply(all =>
        {
            done.SetResult([.. all.Select(static resource => resource.GetResourceName())]);
            return 0;
        });
        return await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class TracedStack() : ClusterStack(
        new StackOptions
        {
            ResourceTransformations =
            {
                args =>
                {
                    var run = Current.Value ?? throw new InvalidOperationException("The run was lost.");
                    lock (run._declared)
                    {
                        run._declared.Add((args.Resource, args.Options));
                    }

                    return null;
                },
            },
        },
        new StoppedClock());

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() =>
            (Current.Value ?? throw new InvalidOperationException("The run was lost."))._now;
    }

    private sealed class Mocks(StackRun run) : IMocks
    {
        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            var name = args.Name ?? "";
            run._seen.Add(new Seen(args.Type ?? "", name, args.Inputs));
            var outputs = args.Inputs;
            if (args.Type == "random:index/randomPassword:RandomPassword")
            {
                outputs = outputs.Add("result", SecretMark + name.Replace("password-", "", StringComparison.Ordinal));
            }
            else if (run._answers.TryGetValue(name, out var answer))
            {
                outputs = outputs.Add("stdout", answer).Add("stderr", "");
            }
            else if (name.Contains("certificate-request-", StringComparison.Ordinal))
            {
                outputs = outputs.Add("stdout", SampleRequest.Request + "unchanged: the key").Add("stderr", "");
            }
            else if (args.Type == "command:remote:Command")
            {
                outputs = outputs.Add("stdout", $"installed=stdout-of-{name} since=1764212345\npgbouncer=1.24.1\n").Add("stderr", "");
            }

            return Task.FromResult<(string?, object)>((name + "-id", outputs));
        }

        public Task<object> CallAsync(MockCallArgs args) => throw new NotSupportedException(args.Token);
    }
}
