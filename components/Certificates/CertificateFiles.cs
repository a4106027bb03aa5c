using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>
/// Where keys, certificates and the authority lie on a host, and whom a certificate names. A certificate's holder is the user of the
/// operating system whose key it is for.
/// </summary>
public static class CertificateFiles
{
    /// <summary>Folder of all of them.</summary>
    public const string Folder = "/etc/postgres-ha/tls";

    /// <summary>Path of the authority's certificate.</summary>
    public const string AuthorityPath = Folder + "/ca.crt";

    /// <summary>Path of the certificate of what runs as user postgres.</summary>
    public const string CertificatePath = Folder + "/" + Holder + ".crt";

    /// <summary>
    /// Path of its private key, made on the host by the tool <c>certificate-request</c>; for its owner only. HAProxy, which reads it as
    /// root, looks for it under the certificate's name.
    /// </summary>
    public const string KeyPath = CertificatePath + ".key";

    /// <summary>Name of the file of <see cref="AuthorityPath"/>.</summary>
    public const string AuthorityName = "authority";

    /// <summary>Name of the file of <see cref="CertificatePath"/>.</summary>
    public const string CertificateName = Holder;

    // The user of the clients' services.
    private const string Holder = PostgresFiles.User;

    /// <summary>The files of a host, whose content is known when the hosts have made their requests.</summary>
    public static IEnumerable<HostFile> All(HostSpecification host) =>
    [
        new HostFile
        {
            Name = AuthorityName,
            Path = AuthorityPath,
            Content = FileContent.Later("The certificates of the stack's authorities: the stack's output authority."),
            OnChange = FileEffect.Reload,
            Validator = Shell.Join([HostPaths.Tool("certificate-verify"), Folder, Holder, "--authority"]) + " {}",
        },
        Of(CertificateName, Holder, host) with { OnChange = FileEffect.Reload, Needs = [AuthorityName] },
    ];

    /// <summary>A holder's certificate as a file, whose content is known when the host has made its request.</summary>
    /// <param name="name">The file's name in its service.</param>
    /// <param name="holder">Name of the user that owns the key.</param>
    /// <param name="host">The host.</param>
    public static HostFile Of(string name, string holder, HostSpecification host) => new()
    {
        Name = name,
        Path = PathOf(holder),
        Content = FileContent.Later($"The certificate of {host.Name}, signed at its request when the stack is applied."),
        Validator = Shell.Join([HostPaths.Tool("certificate-verify"), Folder, holder]) + " {}",
    };

    /// <summary>Path of a holder's certificate.</summary>
    /// <param name="holder">Name of the user that owns the key.</param>
    public static string PathOf(string holder) => $"{Folder}/{holder}.crt";

    /// <summary>The arguments of the tool that makes a holder's key and its request.</summary>
    /// <param name="holder">Name of the user that owns the key.</param>
    public static IReadOnlyList<string> Request(string holder = Holder) => [Folder, holder];

    /// <summary>The DNS names in a host's certificate.</summary>
    public static IReadOnlyList<string> Names(ClusterSpecification cluster, HostSpecification host) =>
        [.. new[] { host.Name, "localhost" }.Concat(cluster.Tls.Names).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The addresses in a host's certificate: the virtual IP as well, by which clients come to whoever holds it.</summary>
    public static IReadOnlyList<string> Addresses(ClusterSpecification cluster, HostSpecification host) =>
        [host.Address, cluster.Vip.Address, Endpoint.Loopback];
}
