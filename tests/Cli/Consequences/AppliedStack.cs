using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PostgresHa.Cli.Consequences;
using PostgresHa.Infra;
using PostgresHa.Offline;
using PostgresHa.Specification;
using PostgresHa.StandIns;
using PostgresHa.Tests.Engine;
using Pulumi;

namespace PostgresHa.Tests.Cli.Consequences;

/// <summary>
/// Makes the state that <c>up</c> leaves behind, without hosts: the program itself is run, and everything it asks for is recorded as done.
/// </summary>
internal sealed class AppliedStack : IResourceEngine
{
    private const string Project = "postgres-ha";

    // What the hosts answer, the same for all of them.
    private static readonly string Request = new CertificateRequest(
        "", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256).CreateSigningRequestPem();

    private readonly StateStore _store;
    private readonly string _stack;

    private AppliedStack(StateStore store, string stack) => (_store, _stack) = (store, stack);

    /// <summary>Applies a stack's file as it is now.</summary>
    /// <param name="folder">The project's folder; the state is kept below it.</param>
    /// <param name="stack">Name of the stack.</param>
    /// <param name="pending">Names of resources whose last update was begun and did not end. Default none.</param>
    public static async Task RunAsync(string folder, string stack, params string[] pending)
    {
        var settings = Settings(folder, stack);
        var ciphers = new Ciphers(settings);
        StateFiles.PrepareDirectory(settings.StatePath);
        File.Delete(settings.StatePath);
        var store = await StateStore.LoadAsync(settings, ciphers, readOnly: false);
        var engine = new AppliedStack(store, stack);
        var exit = await new EngineSession
        {
            Engine = engine,
            Project = Project,
            Stack = stack,
            Configuration = await ciphers.ConfigurationAsync(),
        }.RunAsync(() => ClusterStack.RunAsync(Read(folder, stack)));
        Assert.Equal(0, exit);
        await store.ChangeAsync(state =>
        {
            foreach (var urn in state.Resources.Keys.Where(urn => pending.Contains(Urns.Name(urn))).ToList())
            {
                state.Begin(urn, nameof(StepOperation.Update));
            }
        });
        await store.FlushAsync();
    }

    /// <summary>What a preview of a stack's file as it is now comes to.</summary>
    public static async Task<ConsequenceSummary> PreviewAsync(string folder, string stack)
    {
        var read = Read(folder, stack);
        var recorder = new Recorder();
        var report = await new OfflineEngine(Settings(folder, stack), () => ClusterStack.RunAsync(read)).PreviewAsync(recorder);
        Assert.True(report.Succeeded, string.Join('\n', recorder.Messages));
        return ConsequenceSummary.Of(report.Steps, read.Specification!);
    }

    public async Task<RegistrationResult> RegisterAsync(ResourceRegistration registration)
    {
        var urn = Urns.Create(_stack, Project, registration.ParentUrn, registration.Type, registration.Name);
        var (step, _) = new StepPlanner(registration, urn, null, null).Plan(ResourceProviders.For(registration));
        var outputs = Secrecy.Of(
            PropertyValue.Of([.. registration.Inputs.Entries, .. Outputs(registration)]),
            registration.Inputs,
            registration.Options,
            new SecretMask());
        var made = new Made(registration.Name, registration.IsCustom ? outputs : PropertyValue.Empty);
        await _store.ChangeAsync(state => state.Put(ResourceState.Of(step, registration, null, made)));
        return new RegistrationResult(urn, made.Id, made.Outputs);
    }

    public void Skip(string type, string name, int sequence, string? parentUrn) => Assert.Fail($"{name} was skipped");

    public Task RegisterOutputsAsync(string urn, PropertyValue outputs) => Task.CompletedTask;

    public void Abort() => Assert.Fail("the program broke off");

    public void Log(MessageSeverity severity, string message, Resource? resource) => Assert.NotEqual(MessageSeverity.Error, severity);

    private static StackSettings Settings(string folder, string stack)
    {
        var file = StackFile.Load(folder, stack);
        var values = file.Config.Where(static pair => pair.Value.Secure is not null).ToDictionary(
            static pair => pair.Key, static pair => new ConfigurationValue { Secure = pair.Value.Secure, IsSecret = true });
        values[Project + ":cluster"] = new ConfigurationValue { Text = file.Cluster.GetRawText() };
        return new StackSettings
        {
            Project = Project,
            Stack = stack,
            ProjectDirectory = folder,
            Passphrase = Pgha.Passphrase,
            EncryptionSalt = file.EncryptionSalt,
            Configuration = values,
        };
    }

    private static SpecificationResult Read(string folder, string stack)
    {
        var result = SpecificationReader.Read(StackFile.Load(folder, stack).Cluster, folder);
        Assert.True(result.Specification is not null, string.Join('\n', result.Errors));
        return result;
    }

    private static IEnumerable<KeyValuePair<string, PropertyValue>> Outputs(ResourceRegistration registration)
    {
        var stdout = registration.Name switch
        {
            _ when registration.Name.Contains("-install-", StringComparison.Ordinal) =>
                $"installed={registration.Name} abc since=1764212345",
            _ when registration.Name.StartsWith("pgbouncer-version-", StringComparison.Ordinal) => "pgbouncer=1.24.1",
            _ when registration.Name.Contains("-build-", StringComparison.Ordinal) => $"archive={registration.Name} abc",
            _ when registration.Name.Contains("certificate-request-", StringComparison.Ordinal) => Request,
            _ => "unchanged: as it was",
        };
        return registration.Type.StartsWith("random:", StringComparison.Ordinal)
            ? [KeyValuePair.Create("result", PropertyValue.Of("generated-" + registration.Name).WithSecret(true))]
            : [KeyValuePair.Create("stdout", PropertyValue.Of(stdout)), KeyValuePair.Create("stderr", PropertyValue.Of(""))];
    }
}
