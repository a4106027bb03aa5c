using Pulumi;

namespace PostgresHa.StandIns;

/// <summary>How grave a message of the program is.</summary>
public enum MessageSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Worth attention.</summary>
    Warning,

    /// <summary>The run has failed.</summary>
    Error,
}

/// <summary>A resource as the program declared it, with everything it waits for done.</summary>
public sealed record ResourceRegistration
{
    /// <summary>Type token, <c>command:remote:Command</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Name, unique for its type and parents.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is a resource of its own; false for a component, which only groups others.</summary>
    public required bool IsCustom { get; init; }

    /// <summary>Position in the order in which the program declared its resources.</summary>
    public required int Sequence { get; init; }

    /// <summary>URN of the parent; null for the stack.</summary>
    public string? ParentUrn { get; init; }

    /// <summary>Inputs, a map.</summary>
    public PropertyValue Inputs { get; init; } = PropertyValue.Empty;

    /// <summary>URNs of the resources it depends on, stated ones and those its inputs came from.</summary>
    public IReadOnlyCollection<string> Dependencies { get; init; } = [];

    /// <summary>Former identities, in the order in which they are looked for.</summary>
    public IReadOnlyList<FormerIdentity> Aliases { get; init; } = [];

    /// <summary>The options it was declared with.</summary>
    public ResourceOptions? Options { get; init; }

    /// <summary>Protected against deletion, itself or by its parent.</summary>
    public bool Protect { get; init; }

    /// <summary>The object of the program.</summary>
    public required Resource Resource { get; init; }
}

/// <summary>What a resource was called before: a whole URN, or what of it was another.</summary>
/// <param name="Urn">The whole URN; null when the other parts say it.</param>
/// <param name="Name">Its name; null for the present one.</param>
/// <param name="NoParent">Whether the stack was its parent.</param>
public sealed record FormerIdentity(string? Urn, string? Name, bool NoParent);

/// <summary>What the engine made of a resource.</summary>
/// <param name="Urn">Its URN.</param>
/// <param name="Id">Its id; null for a component or when not known yet.</param>
/// <param name="State">Its output properties, a map.</param>
public sealed record RegistrationResult(string Urn, string? Id, PropertyValue State);

/// <summary>What the stand-in SDK needs of an engine: it hands over resources as soon as all they depend on is there.</summary>
public interface IResourceEngine
{
    /// <summary>
    /// Brings a resource into being. Throws <see cref="ResourceFailedException"/> when that failed and has been reported.
    /// </summary>
    Task<RegistrationResult> RegisterAsync(ResourceRegistration registration);

    /// <summary>Told of a resource that can't be registered because one it depends on failed.</summary>
    void Skip(string type, string name, int sequence, string? parentUrn);

    /// <summary>Told of the outputs of a component or of the stack.</summary>
    Task RegisterOutputsAsync(string urn, PropertyValue outputs);

    /// <summary>Told that the program broke off: nothing new is to be started.</summary>
    void Abort();

    /// <summary>Told what the program says.</summary>
    void Log(MessageSeverity severity, string message, Resource? resource);
}

/// <summary>A resource could not be made, or one that it depends on could not. Whoever catches it need not report it again.</summary>
public sealed class ResourceFailedException : Exception
{
    /// <summary>Names the resource.</summary>
    public ResourceFailedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>One run of the program: what <c>Deployment.RunAsync</c> finds instead of the Pulumi CLI.</summary>
public sealed record EngineSession
{
    private static readonly AsyncLocal<EngineSession?> Ambient = new();

    /// <summary>The engine.</summary>
    public required IResourceEngine Engine { get; init; }

    /// <summary>Name of the project.</summary>
    public required string Project { get; init; }

    /// <summary>Name of the stack.</summary>
    public required string Stack { get; init; }

    /// <summary>True for a preview.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Configuration: plain text, or JSON for structured values, by full key (<c>project:name</c>).</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    internal static EngineSession? Current => Ambient.Value;

    /// <summary>
    /// Runs the program, usually <c>() => Deployment.RunAsync&lt;TheStack&gt;()</c>, in this session; gives its exit code.
    /// </summary>
    public async Task<int> RunAsync(Func<Task<int>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        Ambient.Value = this;
        try
        {
            return await program();
        }
        finally
        {
            Ambient.Value = null;
        }
    }
}
