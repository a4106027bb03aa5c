using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What a <see cref="Service"/> needs.</summary>
public sealed record ServiceArgs : ComponentArgs
{
    /// <summary>The service.</summary>
    public required ServiceDeclaration Declaration { get; init; }

    /// <summary>What must be there before it is started anywhere. Default nothing.</summary>
    public IReadOnlyList<Resource> After { get; init; } = [];
}

/// <summary>
/// A service that its declaration says everything of: its files are written, its unit is started and kept, on all hosts at once.
/// </summary>
public sealed class Service : ComponentResource
{
    /// <summary>Registers the service.</summary>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Service(ServiceArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:" + TypeName(args.Declaration.Name), args.Declaration.Name, options)
    {
        foreach (var host in args.Hosts.Where(host => args.Declaration.Units(host.Cluster, host.Specification).Any()))
        {
            _ = new RemoteService(args.Declaration, host, new RemoteFiles(args.Declaration, host, this), this, [], args.After);
        }

        RegisterOutputs();
    }

    // etcd-yield is of the type EtcdYield.
    private static string TypeName(string name) =>
        string.Concat(name.Split('-').Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
}
