using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Where key, certificate and authority lie on a host, and whom a certificate names.</summary>
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

    // Whose key it is, and what its files are named after.
    private const string Holder = PostgresFiles.User;

    /// <summary>The files of a host, whose content is known when the hosts have made their requests.</summary>
    public static IEnumerable<HostFile> All(HostSpecification host) =>
    [
        new HostFile
        {
            Name = AuthorityName,
            Path = AuthorityPath,
            Content = FileContent.Later("The certificate of the stack's authority: the stack's output authority."),
            Validator = Shell.Join([HostPaths.Tool("certificate-verify"), Folder, Holder, "--authority"]) + " {}",
        },
        new HostFile
        {
            Name = CertificateName,
            Path = CertificatePath,
            Content = FileContent.Later($"The certificate of {host.Name}, signed at its request when the stack is applied."),
            Validator = Shell.Join([HostPaths.Tool("certificate-verify"), Folder, Holder]) + " {}",
            OnChange = FileEffect.Reload,
            Needs = [AuthorityName],
        },
    ];

    /// <summary>The arguments of the tool that makes a host's key and its request.</summary>
    public static IReadOnlyList<string> Request { get; } = [Folder, Holder];

    /// <summary>The DNS names in a host's certificate.</summary>
    public static IReadOnlyList<string> Names(ClusterSpecification cluster, HostSpecification host) =>
        [.. new[] { host.Name, "localhost" }.Concat(cluster.Tls.Names).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The addresses in a host's certificate: the virtual IP as well, by which clients come to whoever holds it.</summary>
    public static IReadOnlyList<string> Addresses(ClusterSpecification cluster, HostSpecification host) =>
        [host.Address, cluster.Vip.Address, Endpoint.Loopback];
}
