using System.Collections.Immutable;
using System.Text.Json;
using PostgresHa.StandIns;
using Pulumi.Testing;

namespace Pulumi.Testing
{
    public interface IMocks
    {
        Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args);

        Task<object> CallAsync(MockCallArgs args);
    }

    public class MockResourceArgs
    {
        public string? Type { get; set; }

        public string? Name { get; set; }

        public ImmutableDictionary<string, object> Inputs { get; set; } = null!;
    }

    public class MockCallArgs
    {
        public string? Token { get; set; }
    }

    public class TestOptions
    {
        public string? ProjectName { get; set; }

        public string? StackName { get; set; }

        public bool? IsPreview { get; set; }
    }

    internal sealed class MockEngine(IMocks mocks, string stack, string project) : IResourceEngine
    {
        internal List<Resource> Resources { get; } = [];

        internal List<string> Errors { get; } = [];

        public async Task<RegistrationResult> RegisterAsync(ResourceRegistration registration)
        {
            lock (Resources)
            {
                Resources.Add(registration.Resource);
            }

            var urn = Urns.Create(stack, project, registration.ParentUrn, registration.Type, registration.Name);
            if (registration.Type == Stack.RootType)
            {
                return new(urn, null, PropertyValue.Empty);
            }

            var (id, state) = await mocks.NewResourceAsync(new MockResourceArgs
            {
                Type = registration.Type,
                Name = registration.Name,
                // Unknown and absent inputs do not show; secrets show as what they are.
                Inputs = registration.Inputs.Entries
                    .Where(entry => !entry.Value.HasUnknown)
                    .ToImmutableDictionary(entry => entry.Key, entry => ToObject(entry.Value)!),
            });
            return new(urn, id, await new ValueSerializer().SerializeAsync(string.Empty, state));
        }

        // The value as plain .NET objects.
        private static object? ToObject(PropertyValue value) => value.Kind switch
        {
            PropertyKind.Boolean => value.Boolean,
            PropertyKind.Number => value.Number,
            PropertyKind.Text => value.Text,
            PropertyKind.List => value.Items.Select(item => ToObject(item)!).ToImmutableArray(),
            PropertyKind.Map => value.Entries.ToImmutableDictionary(entry => entry.Key, entry => ToObject(entry.Value)!),
            _ => null,
        };

        public void Skip(string type, string name, int sequence, string? parentUrn)
        {
        }

        public void Abort()
        {
        }

        public Task RegisterOutputsAsync(string urn, PropertyValue outputs) => Task.CompletedTask;

        public void Log(MessageSeverity severity, string message, Resource? resource)
        {
            if (severity == MessageSeverity.Error)
            {
                lock (Errors)
                {
                    Errors.Add(message);
                }
            }
        }
    }
}

namespace Pulumi
{
    public sealed partial class Deployment
    {
        public static Task<ImmutableArray<Resource>> TestAsync<TStack>(IMocks mocks, TestOptions? options = null)
            where TStack : Stack, new() =>
            TestAsync(mocks, options, () => WithOutputs(new TStack()));

        public static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
            IMocks mocks, TestOptions testOptions, Func<Task<IDictionary<string, object?>>> createResources)
        {
            Stack? stack = null;
            var resources = await TestAsync(mocks, testOptions, () => stack = new Stack(createResources, null));
            return (resources, await stack!.StackOutputs.GetValueAsync(new Dictionary<string, object?>()));
        }

        public static Task<ImmutableArray<Resource>> TestAsync(IMocks mocks, TestOptions testOptions, Action createResources)
        {
            ArgumentNullException.ThrowIfNull(createResources);
            return TestAsync(mocks, testOptions, async Task () =>
            {
                createResources();
                await Task.CompletedTask;
            });
        }

        public static Task<ImmutableArray<Resource>> TestAsync(IMocks mocks, TestOptions testOptions, Func<Task> createResources)
        {
            ArgumentNullException.ThrowIfNull(createResources);
            return TestAsync(mocks, testOptions, () => new Stack(
                async () =>
                {
                    await createResources();
                    return new Dictionary<string, object?>();
                },
                null));
        }

        private static async Task<ImmutableArray<Resource>> TestAsync(IMocks mocks, TestOptions? options, Func<Stack> program)
        {
            ArgumentNullException.ThrowIfNull(mocks);
            var (project, stack) = (options?.ProjectName ?? "project", options?.StackName ?? "stack");
            var engine = new MockEngine(mocks, stack, project);
            var session = new EngineSession
            {
                Engine = engine,
                Project = project,
                Stack = stack,
                IsDryRun = options?.IsPreview ?? true,
                Configuration = Environment.GetEnvironmentVariable("PULUMI_CONFIG") is { Length: > 0 } json
                    ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)!
                    : [],
            };
            var exit = await RunAsync(session, program);
            return exit == 0
                ? [.. engine.Resources]
                : throw new RunException(
                    engine.Errors.Count > 0 ? string.Join('\n', engine.Errors) : $"The program ended with exit code {exit}.");
        }
    }
}
