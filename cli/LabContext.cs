using PostgresHa.Lab;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>The lab of a stack.</summary>
public sealed class LabContext
{
    private const string NamespaceSuffix = "-lab";

    private LabContext(StackContext stack, LabDefinition definition)
    {
        Stack = stack;
        Definition = definition;
        Paths = new LabPaths(definition);
    }

    /// <summary>The stack.</summary>
    public StackContext Stack { get; }

    /// <summary>What the lab is built from.</summary>
    public LabDefinition Definition { get; }

    /// <summary>Where it keeps its files.</summary>
    public LabPaths Paths { get; }

    /// <summary>File that says which engine applied the stack to the lab's hosts.</summary>
    public string EngineFile => Path.Combine(Paths.Runtime, "engine");

    /// <summary>State of the offline engine. Beside the hosts it describes, so that it goes with them.</summary>
    public string StateFile => Path.Combine(Paths.Runtime, "state", Stack.Stack + ".json");

    /// <summary>Name of the engine that applied the stack to the lab's hosts; null when none has.</summary>
    public string? Engine => File.Exists(EngineFile) ? File.ReadAllText(EngineFile).Trim() : null;

    /// <summary>Folder of the state of the Pulumi CLI's own backend.</summary>
    public string PulumiBackend => Path.Combine(Paths.Runtime, "pulumi");

    /// <summary>The lab that a stack describes.</summary>
    /// <exception cref="CommandException">The stack is wrong, or is not a lab's.</exception>
    public static LabContext Of(StackContext stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var cluster = stack.Specification;
        if (cluster.Ssh.NetworkNamespace is not { } network || !network.EndsWith(NamespaceSuffix, StringComparison.Ordinal) || network == NamespaceSuffix)
        {
            throw new CommandException(
                $"Stack {stack.Stack} is not a lab's: its ssh.networkNamespace is {cluster.Ssh.NetworkNamespace ?? "not set"}, a lab's ends in {NamespaceSuffix}.");
        }

        return new LabContext(stack, new LabDefinition
        {
            ProjectDirectory = stack.Project.Directory,
            Name = network[..^NamespaceSuffix.Length],
            Hosts = [.. cluster.Hosts.Select(static host => new LabHost(host.Name, host.Address, host.Interface))],
            Prefix = cluster.Vip.Prefix,
            ReservedAddresses = [cluster.Vip.Address],
            User = cluster.Ssh.User,
            PostgresVersion = cluster.Postgres.Version,
            PostgresSha256 = cluster.Postgres.Sha256,
            EtcdVersion = cluster.Etcd.Method == EtcdMethod.Source ? cluster.Etcd.Version : null,
            EtcdSha256 = cluster.Etcd.Method == EtcdMethod.Source ? cluster.Etcd.Sha256 : null,
            PatroniVersion = cluster.Patroni.Method == PatroniMethod.Pip ? cluster.Patroni.Version : null,
        });
    }

    /// <summary>The lab itself.</summary>
    /// <param name="progress">Told what happens.</param>
    public LabEnvironment Environment(IProgress<LabProgress>? progress = null) => new(Definition, progress);
}
