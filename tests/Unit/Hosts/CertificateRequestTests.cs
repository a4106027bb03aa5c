using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>The tool that makes a host's private key and the request to it, with the machine's own openssl.</summary>
public sealed class CertificateRequestTests
{
    private static readonly ClusterSpecification Cluster = Yaml.Valid(Yaml.With());

    private static readonly string Tool = "certificate-request " + string.Join(' ', CertificateFiles.Request());

    [HostFact]
    public void The_key_is_made_once_for_its_owner_alone_and_the_request_stays_the_same()
    {
        using var host = New();

        var first = host.Tool(Tool);

        Assert.EndsWith($"-----END CERTIFICATE REQUEST-----\nchanged: {CertificateFiles.KeyPath}\n", first, StringComparison.Ordinal);
        Assert.Equal("600 postgres:postgres", Seen(host, $"stat -c '%a %U:%G' {CertificateFiles.KeyPath}"));
        Assert.Equal("755 root:root", Seen(host, $"stat -c '%a %U:%G' {CertificateFiles.Folder}"));
        var key = Seen(host, "sha256sum " + CertificateFiles.KeyPath);

        Assert.Equal(first.Replace("changed:", "unchanged:", StringComparison.Ordinal), host.Tool(Tool));
        Assert.Equal(key, Seen(host, "sha256sum " + CertificateFiles.KeyPath));
        Assert.Equal("postgres.crt.key\npostgres.csr", Seen(host, "ls -A " + CertificateFiles.Folder));
        Assert.DoesNotContain("PRIVATE", first, StringComparison.Ordinal);
    }

    [HostFact]
    public void A_request_stays_also_where_openssl_says_more_than_the_key()
    {
        using var host = New();
        // As since 3.5.
        host.Stub("openssl", """
            case " $* " in *" -verify "*) echo "Certificate request self-signature verify OK" ;; esac
            exec /usr/bin/openssl "$@"
            """);

        host.Tool(Tool);

        Assert.EndsWith($"\nunchanged: {CertificateFiles.KeyPath}\n", host.Tool(Tool), StringComparison.Ordinal);
    }

    [HostFact]
    public void The_authority_takes_its_request()
    {
        using var host = New();

        var certificate = new CertificateAuthority("orders", "seed").Sign(host.Tool(Tool), ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow);

        host.Write(CertificateFiles.CertificatePath, certificate);
        Assert.Equal(
            Seen(host, $"openssl pkey -in {CertificateFiles.KeyPath} -pubout"),
            Seen(host, $"openssl x509 -in {CertificateFiles.CertificatePath} -noout -pubkey"));
    }

    [HostTheory]
    [InlineData("seed", 0, true, null)]
    [InlineData("seed", 200, true, "certificate is not yet valid; here it is 20")]
    [InlineData("seed", -200, true, "certificate has expired; here it is 20")]
    [InlineData("another", 0, true, "see that the clock is right")]
    [InlineData("seed", 0, false, "the certificate is not that of " + CertificateFiles.KeyPath)]
    public void A_certificate_that_would_shut_everybody_out_takes_no_other_s_place(string seed, int days, bool fits, string? problem)
    {
        using var host = New();
        var request = host.Tool(Tool);
        host.Write(CertificateFiles.AuthorityPath, new CertificateAuthority("orders", "seed").Certificate);
        host.Write(CertificateFiles.CertificatePath, "the one before");
        var file = CertificateFiles.All(Cluster.Hosts[0]).Single(static one => one.Name == CertificateFiles.CertificateName);

        var ended = host.Run(
            Shell.Join([HostPaths.Tool("file-write"), file.Path, file.Owner, file.Group, file.Mode, "--validator", file.Validator!]),
            new CertificateAuthority("orders", seed).Sign(
                fits ? request : SampleRequest.Request, ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow.AddDays(days)));

        Assert.Equal(problem is null ? 0 : 1, ended.Code);
        Assert.Contains(problem ?? "", ended.Error, StringComparison.Ordinal);
        Assert.Equal(problem is not null, Seen(host, "cat " + file.Path) == "the one before");
    }

    [HostTheory]
    [InlineData("seed", true, true)]
    [InlineData("another", true, false)]
    [InlineData("seed another", true, true)]
    // Neither a first one nor a damaged one is kept.
    [InlineData("another", false, true)]
    public void Another_authority_is_refused_where_a_certificate_of_the_first_is_in_use(string seed, bool isInUse, bool fits)
    {
        using var host = New();
        var authority = new CertificateAuthority("orders", "seed");
        var certificate = authority.Sign(host.Tool(Tool), ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow);
        host.Write(CertificateFiles.AuthorityPath, isInUse ? authority.Certificate : "-----BEGIN CERT");
        host.Write(CertificateFiles.CertificatePath, certificate);
        var file = CertificateFiles.All(Cluster.Hosts[0]).Single(static one => one.Name == CertificateFiles.AuthorityName);
        var offered = string.Concat(seed.Split(' ').Select(static one => new CertificateAuthority("orders", one).Certificate));

        var ended = host.Run(
            Shell.Join([HostPaths.Tool("file-write"), file.Path, file.Owner, file.Group, file.Mode, "--validator", file.Validator!]),
            offered);

        Assert.Equal(fits ? 0 : 1, ended.Code);
        Assert.Contains(
            fits ? "" : "made from another authoritySeed or ownAuthority: put that back", ended.Error, StringComparison.Ordinal);
        Assert.Equal(fits, Seen(host, "cat " + file.Path) == offered.TrimEnd('\n'));
    }

    [HostTheory]
    [InlineData(30.5, "")]
    [InlineData(29.5, "<4>/etc/postgres-ha/tls/postgres.crt ends in 29 days; apply the stack, which renews it\n")]
    [InlineData(14.5, "<4>/etc/postgres-ha/tls/postgres.crt ends in 14 days; apply the stack, which renews it\n")]
    [InlineData(13.5, "<3>/etc/postgres-ha/tls/postgres.crt ends in 13 days; apply the stack, which renews it\n")]
    [InlineData(-0.5, "<3>/etc/postgres-ha/tls/postgres.crt has ended on ")]
    [InlineData(null, "<3>/etc/postgres-ha/tls/postgres.crt cannot be read; apply the stack with reapply raised\n")]
    public void The_journal_says_which_certificate_ends_soon(double? days, string said)
    {
        using var host = New();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=db1", key, HashAlgorithmName.SHA256);
        if (days is { } left)
        {
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-90), DateTimeOffset.UtcNow.AddDays(left));
            host.Write(CertificateFiles.CertificatePath, certificate.ExportCertificatePem());
        }

        var seen = host.Tool($"certificate-watch {CertificatePeriod.Soon} {CertificatePeriod.Urgent} {CertificateFiles.CertificatePath}");

        Assert.StartsWith(said, seen, StringComparison.Ordinal);
        Assert.Equal(said.Length == 0 ? 1 : 2, seen.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [HostFact]
    public void A_lost_request_is_made_again_and_a_foreign_one_replaced()
    {
        using var host = New();
        host.Tool(Tool);
        var key = Seen(host, "sha256sum " + CertificateFiles.KeyPath);

        host.Run($"rm {CertificateFiles.Folder}/postgres.csr");
        Assert.Contains("changed: ", host.Tool(Tool), StringComparison.Ordinal);
        host.Write(CertificateFiles.Folder + "/postgres.csr", "half of a requ");
        Assert.Contains("changed: ", host.Tool(Tool), StringComparison.Ordinal);

        Assert.Equal(key, Seen(host, "sha256sum " + CertificateFiles.KeyPath));
        Assert.Contains("unchanged: ", host.Tool(Tool), StringComparison.Ordinal);
    }

    [HostTheory]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIGH\n")]
    [InlineData("")]
    [InlineData(null)]
    public void A_damaged_key_is_refused_and_left_as_it_is(string? content)
    {
        using var host = New();
        using var encrypted = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        content ??= encrypted.ExportEncryptedPkcs8PrivateKeyPem(
            "passphrase", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        host.Write(CertificateFiles.KeyPath, content);

        var ended = host.Run("/usr/local/lib/postgres-ha/" + Tool);

        Assert.Equal(1, ended.Code);
        Assert.Contains($"{CertificateFiles.KeyPath} on ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("is damaged, or no private key without a passphrase", ended.Error, StringComparison.Ordinal);
        Assert.Equal("", ended.Output);
        Assert.Equal(content.TrimEnd('\n'), Seen(host, "cat " + CertificateFiles.KeyPath));
    }

    [HostFact]
    public void A_key_that_others_could_read_is_closed_and_one_that_is_not_wanted_any_more_removed()
    {
        using var host = New();
        host.Tool(Tool);
        host.Run($"chmod 0644 {CertificateFiles.KeyPath}; chown root:root {CertificateFiles.KeyPath}");

        Assert.Contains("changed: ", host.Tool(Tool), StringComparison.Ordinal);
        Assert.Equal("600 postgres:postgres", Seen(host, $"stat -c '%a %U:%G' {CertificateFiles.KeyPath}"));

        var remove = Tool.Replace("certificate-request", "certificate-request --remove", StringComparison.Ordinal);
        Assert.StartsWith("changed: ", host.Tool(remove), StringComparison.Ordinal);
        Assert.StartsWith("unchanged: ", host.Tool(remove), StringComparison.Ordinal);
        Assert.Equal("", Seen(host, "ls -A " + CertificateFiles.Folder));
    }

    [HostTheory]
    [InlineData(null, "unknown")]
    [InlineData(TlsClients.Off, "optional")]
    [InlineData(TlsClients.Optional, "optional")]
    [InlineData(TlsClients.Required, "required")]
    public void Whether_clients_come_without_TLS_is_seen_by_what_PostgreSQL_lets_in(TlsClients? clients, string answer)
    {
        using var host = New();
        var data = Cluster.Postgres.DataDirectory;
        host.Run($"rm -rf {data}; mkdir -p {data}");
        if (clients is { } said)
        {
            // As Patroni writes it.
            host.Write(
                data + "/pg_hba.conf",
                "# Do not edit\n" + string.Join('\n', PatroniFiles.HostBasedAuthentication(Cluster.WithClients(said))) + "\n");
        }

        Assert.StartsWith($"clients={answer}\nunchanged: ", host.Tool("certificate-clients " + data), StringComparison.Ordinal);
    }

    private static string Seen(ThrowAwayHost host, string command) => host.Run(command).Output.TrimEnd('\n');

    private static ThrowAwayHost New()
    {
        var host = new ThrowAwayHost();
        host.Run("rm -rf /etc/postgres-ha");
        host.Tool("user-ensure postgres /var/lib/postgresql");
        return host;
    }
}
