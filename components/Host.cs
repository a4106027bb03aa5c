using System.Globalization;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using PostgresHa.Components.Quoting;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What a <see cref="Host"/> needs.</summary>
public sealed record HostArgs
{
    /// <summary>The cluster it belongs to.</summary>
    public required ClusterSpecification Cluster { get; init; }

    /// <summary>The host.</summary>
    public required HostSpecification Specification { get; init; }

    /// <summary>How it is reached.</summary>
    public required ConnectionArgs Connection { get; init; }
}

/// <summary>
/// One Linux host: its connection, privilege escalation, tools and packages. Made in two steps, since no host may be touched before the preflight
/// of every host has succeeded: the constructor checks, <see cref="Prepare"/> writes.
/// </summary>
public sealed class Host : ComponentResource
{
    private readonly List<Resource> _after = [];

    /// <summary>Registers the host and its preflight.</summary>
    /// <param name="name">Resource name: the host's name.</param>
    /// <param name="args">The host.</param>
    /// <param name="options">Resource options.</param>
    public Host(string name, HostArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Host", name, options)
    {
        Cluster = args.Cluster;
        Specification = args.Specification;
        Connection = args.Connection;

        Preflight = new Command(
            $"host-preflight-{name}",
            new CommandArgs
            {
                Connection = Connection,
                Create = HostPreflight.CommandLine(Cluster, Specification),
                Stdin = HostPreflight.Script,
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions { Parent = this });
    }

    /// <summary>What the stack file says of the host.</summary>
    public HostSpecification Specification { get; }

    /// <summary>The cluster it belongs to.</summary>
    public ClusterSpecification Cluster { get; }

    /// <summary>Its name.</summary>
    public string HostName => Specification.Name;

    /// <summary>How it is reached.</summary>
    public ConnectionArgs Connection { get; }

    /// <summary>The preflight; nothing on any host may be written before all of them.</summary>
    public Resource Preflight { get; }

    /// <summary>The last resource of the host itself: tools, packages and name resolution are there.</summary>
    public Resource Ready => _after.Count > 0 ? _after[^1] : throw new InvalidOperationException($"Host {HostName} was not prepared.");

    /// <summary>Puts tools, packages and the hosts' names on the host.</summary>
    /// <param name="all">Every host of the cluster: none is written to before the preflight of all has succeeded.</param>
    public void Prepare(IReadOnlyList<Host> all)
    {
        var tools = new Command(
            $"host-tools-{HostName}",
            new CommandArgs
            {
                Connection = Connection,
                Create = Escalate(Shell.Script(Templates.Read("host/host-unpack.sh"))) + Generation,
                Stdin = ToolBundle.Text,
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions { Parent = this, DependsOn = new InputList<Resource> { all.Select(host => host.Preflight).ToArray() } });
        _after.Add(tools);

        var packages = new RemoteCommand(
            $"host-packages-{HostName}",
            this,
            new RemoteCommandArgs { Tool = "packages-install", Arguments = Services.Packages(Cluster, Specification) },
            this);
        var names = new RemoteCommand(
            $"host-names-{HostName}",
            this,
            new RemoteCommandArgs
            {
                Tool = "hosts-ensure",
                Stdin = HostFiles.Names(Cluster),
                DeleteTool = "hosts-ensure",
            },
            this,
            packages.Resource);
        _after.Add(names.Resource);
        foreach (var file in UpgradeFiles.All(Cluster, Specification))
        {
            _ = new RemoteFile($"host-{file.Name}-{HostName}", this, new RemoteFileArgs { Path = file.Path, Content = file.Content }, this);
        }

        RegisterOutputs();
    }

    /// <summary>A command line that runs one of the host's tools as root.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments, quoted here.</param>
    /// <param name="withGeneration">Whether <see cref="ClusterSpecification.Reapply"/> is part of the text, so that raising it runs the tool again.</param>
    public string ToolCommand(string tool, IReadOnlyList<string> arguments, bool withGeneration = true) =>
        Escalate([HostPaths.Tool(tool), .. arguments]) + (withGeneration ? Generation : "");

    /// <summary>The host's own resources that are registered by now and the given ones.</summary>
    public InputList<Resource> After(IEnumerable<Resource> dependsOn) =>
        new() { _after.TakeLast(1).Concat(dependsOn).Distinct().ToArray() };

    // A comment at the end of the command: the shell ignores it, the engine sees a changed input.
    private string Generation =>
        Cluster.Reapply == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" # reapply {Cluster.Reapply}");

    private string Escalate(IReadOnlyList<string> words) => HostCommand.AsRoot(Cluster, words);
}
