using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components;

/// <summary>What <see cref="Certificates"/> needs.</summary>
public sealed record CertificatesArgs : ComponentArgs
{
    /// <summary>By host name, the resource after which the user is there that owns the key.</summary>
    public required IReadOnlyDictionary<string, Resource> User { get; init; }

    /// <summary>The moment of this run, the same for every certificate.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>
/// A private key on every host, made there and never elsewhere, and a certificate for it of the stack's own authority. Whoever reads the
/// files reloads when one has changed.
/// </summary>
public sealed class Certificates : ComponentResource
{
    private readonly Output<CertificateAuthority> _authority;
    private readonly DateTimeOffset _now;

    /// <summary>Registers keys and certificates on all hosts.</summary>
    /// <param name="name">Resource name: <c>certificates</c>.</param>
    /// <param name="args">What it needs.</param>
    /// <param name="options">Resource options.</param>
    public Certificates(string name, CertificatesArgs args, ComponentResourceOptions? options = null)
        : base("postgres-ha:index:Certificates", name, options)
    {
        var cluster = args.Cluster;
        _now = args.Now;
        var secrets = args.Hosts[0].Secrets;
        var authorities = cluster.Tls.AuthorityNumbers.Select(number => number == 0
            ? secrets.OwnAuthority!.Apply(pem => OwnAuthority.Read(pem, _now))
                .Apply(own => new CertificateAuthority(cluster.Name, own.Signature, own.Certificates))
            : secrets[SecretCatalogue.SeedOf(number)].Apply(seed => new CertificateAuthority(cluster.Name, seed, number))).ToList();
        _authority = authorities[0];
        Clients = cluster.Tls.Clients is { } said
            ? Output.Create(said)
            : Output.All(args.Hosts.Select(Ask)).Apply(static answers => Kept(answers));
        Authority = Output.Unsecret(
            // In an order of their own, so that nothing changes where only another one of them signs.
            Output.All(authorities.Select(static one => (Input<string>)one.Apply(static authority => authority.Certificate)))
                .Apply(static all => string.Concat(all.Order(StringComparer.Ordinal))));
        Files = args.Hosts.ToDictionary(
            static host => host.HostName, host => AddFiles(host, args.User[host.HostName]), StringComparer.Ordinal);
        RegisterOutputs();
    }

    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "certificates",
        Packages = static (_, _) => [new ServicePackage("openssl")],
        Files = static (_, host) => CertificateFiles.All(host),
        Secrets = [SecretCatalogue.AuthoritySeed, SecretCatalogue.EvenAuthoritySeed],
        Report = static (_, _) => ["--certificate", CertificateFiles.CertificatePath],
    };

    /// <summary>The certificates of the authorities that are trusted, as PEM.</summary>
    public Output<string> Authority { get; }

    /// <summary>
    /// What becomes of clients without TLS: what the stack file says, else what the hosts do already. So a cluster from before gets TLS,
    /// and nobody is cut off by it.
    /// </summary>
    public Output<TlsClients> Clients { get; }

    /// <summary>By host name, the files there.</summary>
    public IReadOnlyDictionary<string, RemoteFiles> Files { get; }

    // Answered once, before anything is changed; then the state has it, also for a host that is replaced by an empty one.
    private Input<string> Ask(Host host) => new RemoteCommand(
        $"certificate-clients-{host.HostName}",
        host,
        new RemoteCommandArgs { Tool = "certificate-clients", Arguments = [host.Cluster.Postgres.DataDirectory] },
        this).Stdout;

    private static TlsClients Kept(IEnumerable<string> answers) =>
        answers.Any(static answer => answer.Contains("clients=optional", StringComparison.Ordinal))
            ? TlsClients.Optional
            : TlsClients.Required;

    /// <summary>Registers a private key on a host, made there, and signs the request that it makes.</summary>
    /// <param name="holder">Name of the user that owns the key.</param>
    /// <param name="host">The host.</param>
    /// <param name="name">Name of the resource, without the host's.</param>
    /// <param name="parent">The component that uses it.</param>
    /// <param name="user">The resource after which the user is there.</param>
    /// <returns>The certificate as PEM, and the resource of its request.</returns>
    public (Output<string> Certificate, Resource Request) Issue(string holder, Host host, string name, Resource parent, Resource user)
    {
        var request = new RemoteCommand(
            $"{name}-{host.HostName}",
            host,
            new RemoteCommandArgs
            {
                Tool = "certificate-request",
                Arguments = CertificateFiles.Request(holder),
                DeleteTool = "certificate-request",
                DeleteArguments = ["--remove", .. CertificateFiles.Request(holder)],
            },
            parent,
            user);
        // What is signed tells nothing of the key: previews show it like any other file.
        var certificate = Output.Unsecret(Output.Tuple(_authority, request.Stdout).Apply(both => both.Item1.Sign(
            both.Item2,
            CertificateFiles.Names(host.Cluster, host.Specification),
            CertificateFiles.Addresses(host.Cluster, host.Specification),
            _now)));
        return (certificate, request.Resource);
    }

    private RemoteFiles AddFiles(Host host, Resource user)
    {
        var (certificate, request) = Issue(PostgresFiles.User, host, "certificate-request", this, user);
        return new RemoteFiles(
            Declaration,
            host,
            this,
            file => file == CertificateFiles.CertificateName ? [request] : [],
            content: file => file == CertificateFiles.CertificateName ? certificate : Authority);
    }
}
