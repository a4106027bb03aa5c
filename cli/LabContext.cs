using PostgresHa.Components;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Templating;
using PostgresHa.Infra;
using PostgresHa.Lab;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>The lab of a stack.</summary>
public sealed class LabContext
{
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
    /// <param name="stack">The stack.</param>
    /// <param name="asked">What it is to be beyond that, as far as something was asked for; null for what it is.</param>
    /// <exception cref="CommandException">The stack is wrong, or is not a lab's, or has no such host.</exception>
    public static LabContext Of(StackContext stack, LabOptions? asked = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var cluster = stack.Specification;
        var name = LabStack.Name(cluster) ?? throw new CommandException(
            $"Stack {stack.Stack} is not a lab's: its ssh.networkNamespace is {cluster.Ssh.NetworkNamespace ?? "not set"}, "
            + $"a lab's ends in {LabStack.Suffix}.");

        var definition = new LabDefinition
        {
            ProjectDirectory = stack.Project.Directory,
            Name = name,
            Hosts =
            [
                .. cluster.Hosts.Select(
                    static host => new LabHost(host.Name, host.Address, host.Interface) { Cores = host.Cores, Memory = host.Memory }),
            ],
            Prefix = cluster.Vip.Prefix,
            ReservedAddresses = [cluster.Vip.Address],
            User = cluster.Ssh.User,
            Postgres = new LabSource(cluster.Postgres.Version, cluster.Postgres.Sha256) { Known = KnownChecksums.OfAllPostgres },
            Etcd = cluster.Etcd.Method == EtcdMethod.Source ? new LabSource(cluster.Etcd.Version, cluster.Etcd.Sha256) : null,
            Patroni = cluster.Patroni.Method == PatroniMethod.Pip ? new LabSource(cluster.Patroni.Version) : null,
            Conflict = static (etcd, patroni) =>
                ComponentVersion.Parse(etcd) is { } version ? KnownClashes.Of(version, ComponentVersion.Parse(patroni))?.Problem : null,
            EtcdBuild = new LabBuild(EtcdFiles.BuildPackages(cluster.Etcd, SystemFamily.Debian), Templates.Read("etcd/etcd-compile.sh")),
            Packages =
            [
                .. cluster.Hosts.SelectMany(host => HostPackages.Of(ClusterServices.All, cluster, host)).Distinct()
                    .Order(StringComparer.Ordinal),
            ],
        };
        var present = LabChoices.Read(new LabPaths(definition).Choices) ?? new LabChoices();
        var choices = asked?.Over(present, stack.Stack, [.. cluster.Hosts.Select(static host => host.Name)]) ?? present;
        return new LabContext(stack, choices.ApplyTo(definition));
    }

    /// <summary>The lab itself.</summary>
    /// <param name="progress">Told what happens.</param>
    public LabEnvironment Environment(IProgress<LabProgress>? progress = null) => new(Definition, progress);
}
