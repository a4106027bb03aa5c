using Pulumi;
using PostgresHa.Components.Building;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What <see cref="Etcd"/> needs.</summary>
public sealed record EtcdArgs
{
    /// <summary>The cluster.</summary>
    public required ClusterSpecification Cluster { get; init; }

    /// <summary>Its hosts, all of them; those with a member are chosen here.</summary>
    public required IReadOnlyList<Host> Hosts { get; init; }

    /// <summary>The passwords; etcd's users root and patroni are taken from it.</summary>
    public required ClusterSecrets Secrets { get; init; }

    /// <summary>By host name, the resource after which the host's firewall lets its peers in.</summary>
    public required IReadOnlyDictionary<string, Resource> Firewall { get; init; }
}

/// <summary>
/// etcd, the keeper of the cluster's lock: installed, configured, started, authentication on, all members verified. Members are changed one after
/// the other, each only while all others serve, so that the quorum is never lost.
/// </summary>
public sealed class Etcd : ComponentResource
{
    /// <summary>What the other parts must know of it.</summary>
    public static ServiceDefinition Definition { get; } = new()
    {
        Name = "etcd",
        Packages = EtcdFiles.Packages,
        RestartingPackages = EtcdFiles.Packages,
        Compiles = EtcdFiles.Compiles,
        Units = static (_, host) => host.Etcd ? [EtcdFiles.Unit, EtcdYield.Unit] : [],
        LeastVersions = static (cluster, host) => EtcdFiles.Packages(cluster, host).Take(1).Select(static name => new LeastVersion(name, EtcdSpecification.LeastVersion, "etcd.method")),
        Ports = static (cluster, host) => host.Etcd
            ? [new ServicePort(cluster.Ports.EtcdClient, PortAudience.Peers), new ServicePort(cluster.Ports.EtcdPeer, PortAudience.Peers)]
            : [],
    };

    /// <summary>Registers the members.</summary>
    /// <param name="name">Resource name: <c>etcd</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Etcd(string name, EtcdArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Etcd", name, options)
    {
        var cluster = args.Cluster;
        var members = args.Hosts.Where(static host => host.Specification.Etcd).ToList();
        var build = new SourceBuild(
            new SourceBuildArgs
            {
                Name = name,
                Hosts = members,
                Place = EtcdFiles.Place(cluster),
                Options = host => EtcdFiles.Options(cluster, host),
                Installation = _ => [MethodName(cluster.Etcd.Method), cluster.Etcd.DataDirectory],
                Firewall = args.Firewall,
            },
            this);

        var services = new List<Resource>();
        foreach (var host in members)
        {
            services.Add(Member(name, args, host, build, services.LastOrDefault()));
        }

        Verified = Verify(name, args, members, build, Authenticate(name, args, members, [.. services]));
        Ready = args.Hosts.ToDictionary(static host => host.HostName, _ => Verified);
        ClientEndpoints = cluster.EtcdHosts.ToDictionary(static host => host.Name, host => EtcdFiles.ClientUrl(cluster, host));
        RegisterOutputs();
    }

    /// <summary>By name of each host with a member, the address at which it serves its clients.</summary>
    public IReadOnlyDictionary<string, string> ClientEndpoints { get; }

    /// <summary>By name of every host, with a member or not, the resource after which etcd can be used with a password from there.</summary>
    public IReadOnlyDictionary<string, Resource> Ready { get; }

    /// <summary>The verification that all members serve and that they are the expected ones.</summary>
    public Resource Verified { get; }

    private Resource Member(string name, EtcdArgs args, Host host, SourceBuild build, Resource? before)
    {
        var cluster = args.Cluster;
        var config = new RemoteFile(
            $"{name}-config-{host.HostName}",
            host,
            new RemoteFileArgs { Path = EtcdFiles.ConfigPath, Content = EtcdFiles.Config(cluster, host.Specification), Backup = true },
            this,
            build.Ready[host.HostName]);
        var unit = new RemoteFile(
            $"{name}-unit-{host.HostName}",
            host,
            new RemoteFileArgs { Path = EtcdFiles.UnitPath, Content = EtcdFiles.UnitFile(cluster) },
            this);
        var service = new RemoteService(
            $"{name}-service-{host.HostName}",
            host,
            new RemoteServiceArgs
            {
                Unit = EtcdFiles.Unit,
                RestartFiles = [config, unit],
                Versions = [build.Installed[host.HostName]],
                Health =
                [
                    "etcd-health",
                    EtcdFiles.ClientUrl(cluster, host.Specification),
                    EtcdFiles.PeerUrl(cluster, host.Specification),
                    .. cluster.EtcdHosts.Where(other => other.Name != host.HostName).Select(other => EtcdFiles.PeerUrl(cluster, other)),
                ],
                Restarter = ["etcd-restart", host.HostName, .. EtcdFiles.Members(cluster)],
            },
            this,
            before is null ? [args.Firewall[host.HostName]] : [args.Firewall[host.HostName], before]);
        return service.Resource;
    }

    // The file with root's password follows the change in etcd itself: until then the tools need the password that still holds.
    private Resource[] Authenticate(string name, EtcdArgs args, List<Host> members, Resource[] services)
    {
        var cluster = args.Cluster;
        var authentication = new RemoteCommand(
            $"{name}-auth-{members[0].HostName}",
            members[0],
            new RemoteCommandArgs
            {
                Tool = "etcd-auth",
                Arguments = [EtcdFiles.Prefix(cluster), .. cluster.EtcdHosts.Select(host => EtcdFiles.ClientUrl(cluster, host))],
                Stdin = Output.Tuple(args.Secrets.EtcdRoot, args.Secrets.EtcdPatroni)
                    .Apply(static passwords => $"root={passwords.Item1}\n{EtcdFiles.PatroniUser}={passwords.Item2}\n"),
            },
            this,
            services);
        return
        [
            .. members.Select(host => new RemoteFile(
                $"{name}-credentials-{host.HostName}",
                host,
                new RemoteFileArgs
                {
                    Path = EtcdFiles.RootEnvironmentPath,
                    Content = args.Secrets.EtcdRoot.Apply(password => EtcdFiles.RootEnvironment(cluster, password)),
                    Mode = "0600",
                },
                this,
                authentication.Resource).Resource),
        ];
    }

    private Resource Verify(string name, EtcdArgs args, List<Host> members, SourceBuild build, Resource[] after)
    {
        var cluster = args.Cluster;
        var applied = Fingerprints.Of(string.Concat(cluster.EtcdHosts.Select(host => EtcdFiles.Config(cluster, host))) + EtcdFiles.UnitFile(cluster));
        return new RemoteCommand(
            $"{name}-verify-{members[0].HostName}",
            members[0],
            new RemoteCommandArgs
            {
                Tool = "etcd-verify",
                Arguments =
                [
                    "60",
                    .. cluster.EtcdHosts.Select(host => $"{host.Name},{EtcdFiles.ClientUrl(cluster, host)},{EtcdFiles.PeerUrl(cluster, host)}"),
                ],
                // Not read: whatever changed the members has the verification run again.
                Stdin = Output.All(build.Installed.Values).Apply(installed => $"{applied}\n{string.Concat(installed)}"),
            },
            this,
            after).Resource;
    }

    private static string MethodName(EtcdMethod method) => method switch
    {
        EtcdMethod.Source => "source",
        EtcdMethod.Archive => "archive",
        _ => "package",
    };
}
