using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="Firewall"/> needs.</summary>
public sealed record FirewallArgs : ComponentArgs
{
    /// <summary>After these the hosts that leave the cluster know it; until then nobody shuts them out.</summary>
    public required IReadOnlyList<Resource> Announced { get; init; }
}

/// <summary>
/// The firewall of every host: firewalld with a rule for each port of each service, for those who need it only; or stopped; or left alone.
/// Rules that are not ours stay, and sshd stays reachable.
/// </summary>
public sealed class Firewall : ComponentResource
{
    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "firewall",
        // VRRP is known by name from netbase's list of protocols; the RHEL family has the list in a package that is always there.
        Packages = static (cluster, host) => cluster.Firewall.Mode != FirewallMode.Managed ? []
            : host.System == SystemFamily.Debian ? [new ServicePackage("firewalld"), new ServicePackage("netbase")]
            : [new ServicePackage("firewalld")],
        Units = static (cluster, _) =>
            cluster.Firewall.Mode == FirewallMode.Managed ? [new ServiceUnit("firewalld.service") { IsForeign = true }] : [],
    };

    /// <summary>Registers the firewalls; none when they are to be left untouched.</summary>
    /// <param name="name">Resource name: <c>firewall</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Firewall(string name, FirewallArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Firewall", name, options)
    {
        var cluster = args.Cluster;
        Ready = args.Hosts.ToDictionary(static host => host.HostName, host => cluster.Firewall.Mode switch
        {
            FirewallMode.Managed => Manage($"{name}-rules-{host.HostName}", args, host),
            FirewallMode.Disabled => new RemoteCommand(
                $"{name}-disable-{host.HostName}", host, new RemoteCommandArgs { Tool = "firewall-disable" }, this, [.. args.Announced])
                .Resource,
            _ => host.Ready,
        });
        RegisterOutputs();
    }

    /// <summary>
    /// By host name, the resource after which the host's services can be reached; the host itself when the firewall is left untouched.
    /// </summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    private Resource Manage(string name, FirewallArgs args, Host host)
    {
        var cluster = args.Cluster;
        return new RemoteCommand(
            name,
            host,
            new RemoteCommandArgs
            {
                Tool = "firewall-apply",
                Arguments =
                [
                    cluster.Firewall.Zone,
                    host.Specification.Interface,
                    cluster.Ssh.Port.ToString(CultureInfo.InvariantCulture),
                ],
                // In the preview a diff of these lines is the change of the firewall.
                Stdin = FirewallRules.For(cluster, host.Specification, host.Services.Endpoints(cluster, host.Specification)),
                DeleteTool = "firewall-apply",
                DeleteArguments = ["--remove", cluster.Firewall.Zone],
            },
            this,
            [.. args.Announced]).Resource;
    }
}
