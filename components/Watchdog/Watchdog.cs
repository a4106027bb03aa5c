using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>
/// The watchdog of every host, for Patroni: a host whose Patroni hangs is reset before its lock can be taken by another. The host's own
/// device where it has one, else the kernel's <c>softdog</c>, loaded now and at boot; owned by postgres.
/// </summary>
public sealed class Watchdog : ComponentResource
{
    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "watchdog",
        IsWanted = static cluster => cluster.Patroni.Watchdog != WatchdogMode.Off,
        Packages = static (_, _) => [new ServicePackage("kmod")],
        Files = static (cluster, _) => WatchdogFiles.All(cluster.Patroni),
    };

    /// <summary>Registers the watchdogs; none with mode off.</summary>
    /// <param name="name">Resource name: <c>watchdog</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Watchdog(string name, ComponentArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Watchdog", name, options)
    {
        Ready = args.Hosts.ToDictionary(
            static host => host.HostName,
            host => args.Cluster.Patroni.Watchdog == WatchdogMode.Off ? host.Ready : Apply(name, args.Cluster.Patroni, host));
        RegisterOutputs();
    }

    /// <summary>By host name, the resource after which Patroni finds its device there; with mode off, the host itself.</summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    private Resource Apply(string name, PatroniSpecification patroni, Host host)
    {
        var files = new RemoteFiles(Declaration, host, this).All;
        return new RemoteCommand(
            $"{name}-apply-{host.HostName}",
            host,
            new RemoteCommandArgs
            {
                Tool = "watchdog-apply",
                Arguments =
                [
                    patroni.Watchdog == WatchdogMode.Required ? "required" : "automatic",
                    PostgresFiles.User,
                    PostgresFiles.Home(host.Specification.System),
                ],
                // Not read: a changed file has the tool run again.
                Stdin = Fingerprints.Of(string.Concat(WatchdogFiles.All(patroni).Select(static file => file.Content.Plain))),
                DeleteTool = "watchdog-remove",
            },
            this,
            [.. files.Select(static file => file.Resource)]).Resource;
    }
}
