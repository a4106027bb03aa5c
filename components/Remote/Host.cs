using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Specification;
using Pulumi;
using Pulumi.Command.Remote.Inputs;

namespace PostgresHa.Components.Remote;

/// <summary>What a <see cref="Host"/> needs.</summary>
public sealed record HostArgs
{
    /// <summary>The cluster it belongs to.</summary>
    public required ClusterSpecification Cluster { get; init; }

    /// <summary>The host.</summary>
    public required HostSpecification Specification { get; init; }

    /// <summary>How it is reached.</summary>
    public required ConnectionArgs Connection { get; init; }

    /// <summary>The services of the cluster.</summary>
    public required ServiceList Services { get; init; }

    /// <summary>The cluster's secrets, which some files hold.</summary>
    public required ClusterSecrets Secrets { get; init; }

    /// <summary>The stack, as <c>PROJECT/STACK</c>; a host belongs to one.</summary>
    public required string Stack { get; init; }
}

/// <summary>
/// One Linux host as every component sees it: its connection, privilege escalation, quoting, naming and facts. What is put on it
/// beforehand is not its matter.
/// </summary>
public sealed class Host : ComponentResource
{
    private Resource? _ready;
    private Output<string>? _identified;

    /// <summary>Registers the host; nothing on it.</summary>
    /// <param name="name">Resource name: the host's name.</param>
    /// <param name="args">The host.</param>
    /// <param name="options">Resource options.</param>
    public Host(string name, HostArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Host", name, options)
    {
        Cluster = args.Cluster;
        Specification = args.Specification;
        Connection = args.Connection;
        Services = args.Services;
        Secrets = args.Secrets;
        Stack = args.Stack;
    }

    /// <summary>What the stack file says of the host.</summary>
    public HostSpecification Specification { get; }

    /// <summary>The cluster it belongs to.</summary>
    public ClusterSpecification Cluster { get; }

    /// <summary>The services of the cluster.</summary>
    public ServiceList Services { get; }

    /// <summary>The cluster's secrets.</summary>
    public ClusterSecrets Secrets { get; }

    /// <summary>The stack, as <c>PROJECT/STACK</c>.</summary>
    public string Stack { get; }

    /// <summary>Its name.</summary>
    public string HostName => Specification.Name;

    /// <summary>How it is reached.</summary>
    public ConnectionArgs Connection { get; }

    /// <summary>The last resource of the host itself: tools, packages and name resolution are there.</summary>
    /// <exception cref="InvalidOperationException">The host was not prepared.</exception>
    public Resource Ready
    {
        get => _ready ?? throw new InvalidOperationException($"Host {HostName} was not prepared.");
        internal set => _ready = value;
    }

    /// <summary>Has a value once the host knows whose it is, and so is fit for what the stack asks.</summary>
    /// <exception cref="InvalidOperationException">The host was not prepared.</exception>
    public Output<string> Identified
    {
        get => _identified ?? throw new InvalidOperationException($"Host {HostName} was not prepared.");
        internal set => _identified = value;
    }

    /// <summary>A command line that runs one of the host's tools as root.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments, quoted here.</param>
    /// <param name="withGeneration">
    /// Whether <see cref="ClusterSpecification.Reapply"/> is part of the text, so that raising it runs the tool again.
    /// </param>
    public string ToolCommand(string tool, IReadOnlyList<string> arguments, bool withGeneration = true) =>
        Command([HostPaths.Tool(tool), .. arguments], withGeneration);

    /// <summary>A command line that runs a program as root.</summary>
    /// <param name="words">The program and its arguments, quoted here.</param>
    /// <param name="withGeneration">
    /// Whether <see cref="ClusterSpecification.Reapply"/> is part of the text, so that raising it runs the program again.
    /// </param>
    public string Command(IReadOnlyList<string> words, bool withGeneration = true) =>
        HostCommand.AsRoot(Cluster, words) + (withGeneration ? Generation : "");

    /// <summary>What the host itself has by now and the given resources.</summary>
    /// <param name="dependsOn">The resources.</param>
    public InputList<Resource> After(IEnumerable<Resource> dependsOn) =>
        new() { (_ready is null ? [] : new[] { _ready }).Concat(dependsOn).Distinct().ToArray() };

    // A comment at the end of the command: the shell ignores it, the engine sees a changed input.
    private string Generation =>
        (Cluster.Reapply, Specification.Reapply) switch
        {
            (0, 0) => "",
            (var all, 0) => string.Create(CultureInfo.InvariantCulture, $" # reapply {all}"),
            var (all, own) => string.Create(CultureInfo.InvariantCulture, $" # reapply {all} {own}"),
        };
}
