using PostgresHa.Components.Building;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="Etcd"/> needs.</summary>
public sealed record EtcdArgs : ComponentArgs
{
    /// <summary>By host name, the resource after which the host's firewall lets its peers in.</summary>
    public required IReadOnlyDictionary<string, Resource> Firewall { get; init; }

    /// <summary>Who signs its certificates.</summary>
    public required Certificates Certificates { get; init; }
}

/// <summary>
/// etcd, the keeper of the cluster's lock: installed, configured, started, authentication on, all members verified. Members are changed
/// one after the other, each only while all others serve, so that the quorum is never lost.
/// </summary>
public sealed class Etcd : ComponentResource
{
    // Before this version a learner that is promoted may be given up by the others.
    private const string LearnersFrom = "3.5.33";

    private readonly EtcdArgs _args;
    private readonly SourceBuild _build;
    private readonly List<Host> _members;
    private readonly string _name;
    private readonly Output<string> _begun;

    /// <summary>Registers the members.</summary>
    /// <param name="name">Resource name: <c>etcd</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Etcd(string name, EtcdArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Etcd", name, options)
    {
        var cluster = args.Cluster;
        _name = name;
        _args = args;
        _members = [.. args.Hosts.Where(static host => host.Specification.Etcd)];
        _build = new SourceBuild(
            new SourceBuildArgs
            {
                Name = name,
                Hosts = _members,
                Place = EtcdFiles.Place(cluster),
                Options = host => EtcdFiles.Options(cluster, host),
                Installation = _ => [MethodName(cluster.Etcd.Method), cluster.Etcd.DataDirectory],
                Firewall = args.Firewall,
            },
            this);

        var files = _members.ToDictionary(static host => host.HostName, AddFiles);
        // The others must let a member in, and not only its own firewall.
        Resource[] last = [.. args.Firewall.Values];
        List<RemoteCommand> begun = [];
        foreach (var host in _members)
        {
            begun.Add(Members(host, Task("begin", host), [.. Written(host), .. last]));
            last = [begun[^1].Resource];
        }

        // Whatever is begun is ended.
        _begun = Output.All(begun.Select(static one => one.Stdout)).Apply(static said => string.Concat(said));

        foreach (var host in _members)
        {
            string[] join = ["join", host.HostName, cluster.Etcd.DataDirectory, cluster.Name, LearnersFrom];
            var joined = Members(host, join, [.. Written(host), .. last]).Resource;
            last = [new RemoteService(Declaration, host, files[host.HostName], this, [_build.Installed[host.HostName]], joined).Resource];
        }

        foreach (var host in _members)
        {
            last = [Members(host, Task("move", host), last, _begun).Resource];
        }

        // The file with root's password follows the change in etcd itself: until then the tools need the password that still holds.
        var authentication = Members(_members[0], ["forget"], [Authenticate(last)]).Resource;
        Verified = Verify([.. _members.Select(host => files[host.HostName].Add(EtcdFiles.CredentialsName, authentication).Resource)]);
        RegisterOutputs();

        IEnumerable<Resource> Written(Host host) =>
            [.. files[host.HostName].All.Select(static file => file.Resource), _build.Ready[host.HostName]];
    }

    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "etcd",
        Program = Component.Etcd,
        Packages = EtcdFiles.Packages,
        Compiles = EtcdFiles.Compiles,
        Users = static (cluster, host) => host.Etcd ? [new SystemUser(EtcdFiles.User, cluster.Etcd.DataDirectory)] : [],
        Endpoints = static (cluster, host) => host.Etcd
            ?
            [
                EtcdEndpoints.Client(cluster, host),
                EtcdEndpoints.Peer(cluster, host),
                .. EtcdFiles.Serves(cluster, host) ? [BuildPlan.Artefacts(cluster, host)] : Array.Empty<Endpoint>(),
            ]
            : [],
        Files = static (cluster, host) => host.Etcd ? EtcdFiles.All(cluster, host) : [],
        Reads = static cluster => cluster.Etcd.Tls ? [Certificates.Declaration] : [],
        // It rereads certificates at each connection, the authorities only when it starts.
        ReadEffect = static file => file.Name == CertificateFiles.AuthorityName ? FileEffect.Restart : FileEffect.None,
        Secrets = [SecretCatalogue.EtcdRoot, SecretCatalogue.EtcdPatroni],
        Units = static (cluster, host) => host.Etcd ? [EtcdFiles.Service(cluster, host)] : [],
        Report = static (cluster, host) => host.Etcd
            ? ["--etcd", EtcdEndpoints.OwnClient(cluster).Url, "--certificate", EtcdFiles.CertificatePath]
            : [],
    };

    /// <summary>The verification that all members serve and that they are the expected ones.</summary>
    public Resource Verified { get; }

    /// <summary>
    /// Registers the end of a change from http to https, or back: until then the members answer their clients by both. And that of
    /// another password of Patroni's: until then both of its users may come.
    /// </summary>
    /// <param name="clients">The resources after which all clients have changed.</param>
    public void Close(params IReadOnlyList<Resource> clients)
    {
        Resource[] last = [.. clients];
        foreach (var host in _members)
        {
            last = [Members(host, Task("end", host), last, _begun).Resource];
        }

        var first = _members[0];
        _ = new RemoteCommand(
            $"{_name}-forget-user-{first.HostName}",
            first,
            new RemoteCommandArgs
            {
                Tool = "etcd-auth",
                Arguments = ["--forget", DatabaseRoles.FormerEtcdPatroni(_args.Cluster), .. ClientUrls()],
                Stdin = Root(first),
            },
            this,
            last);
    }

    private IEnumerable<string> ClientUrls() =>
        _args.Cluster.EtcdHosts.Select(host => EtcdEndpoints.Client(_args.Cluster, host).Url);

    private static Output<string> Root(Host host) =>
        host.Secrets.Text([SecretCatalogue.EtcdRoot], static secret => $"root={secret(SecretCatalogue.EtcdRoot)}\n");

    private RemoteFiles AddFiles(Host host)
    {
        var installed = _build.Ready[host.HostName];
        var (certificate, request) = _args.Certificates.Issue(EtcdFiles.User, host, $"{_name}-certificate-request", this, installed);
        var authority = _args.Certificates.Files[host.HostName][CertificateFiles.AuthorityName];
        var files = new RemoteFiles(
            Declaration,
            host,
            this,
            file => file switch
            {
                EtcdFiles.ConfigName => [installed],
                EtcdFiles.CertificateName => [request, authority.Resource],
                _ => [],
            },
            later: EtcdFiles.CredentialsName,
            content: file => file == EtcdFiles.CertificateName ? certificate : null);
        if (host.Cluster.Etcd.Tls)
        {
            files.Include(authority.As(Declaration.ReadEffect(authority.File)));
        }

        return files;
    }

    private static string[] Task(string name, Host host) => [name, host.HostName, host.Cluster.Etcd.DataDirectory];

    private Resource Authenticate(Resource[] services)
    {
        var cluster = _args.Cluster;
        var first = _members[0];
        return new RemoteCommand(
            $"{_name}-auth-{first.HostName}",
            first,
            new RemoteCommandArgs
            {
                Tool = "etcd-auth",
                Arguments = [EtcdFiles.Prefix(cluster), DatabaseRoles.EtcdPatroni(cluster), .. ClientUrls()],
                Stdin = first.Secrets.Text(
                    Declaration.Secrets,
                    static secret =>
                        $"root={secret(SecretCatalogue.EtcdRoot)}\npatroni={secret(SecretCatalogue.EtcdPatroni)}\n"),
            },
            this,
            services).Resource;
    }

    private RemoteCommand Members(Host host, string[] task, Resource[] after, Output<string>? since = null) => new(
        $"{_name}-{task[0]}-{host.HostName}",
        host,
        new RemoteCommandArgs
        {
            Tool = "etcd-members",
            Arguments = [.. task, .. EtcdFiles.Addresses(_args.Cluster)],
            Stdin = since is null ? Root(host) : Output.Tuple(Root(host), since).Apply(static both => both.Item1 + both.Item2),
        },
        this,
        after);

    private Resource Verify(Resource[] after)
    {
        var cluster = _args.Cluster;
        var applied = Fingerprints.Of(
            string.Concat(cluster.EtcdHosts.Select(host => EtcdFiles.Config(cluster, host) + HostSetup.Machine(host)))
            + EtcdFiles.UnitFile(cluster));
        return new RemoteCommand(
            $"{_name}-verify-{_members[0].HostName}",
            _members[0],
            new RemoteCommandArgs
            {
                Tool = "etcd-verify",
                Arguments = ["60", .. EtcdFiles.Addresses(cluster)],
                // Not read: whatever changed the members has the verification run again.
                Stdin = Output.All(_build.Installed.Values.Select(static installed => (Input<string>)installed))
                    .Apply(installed => $"{applied}\n{string.Concat(installed)}"),
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
