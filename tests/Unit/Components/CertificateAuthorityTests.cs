using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PostgresHa.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>
/// The stack's authority: the same input gives the same bytes, and what it signs is believed by programs that know nothing of it.
/// </summary>
public sealed class CertificateAuthorityTests
{
    private const string Seed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL";

    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Names = ["db1", "localhost", "db.example.org"], Addresses = ["10.0.12.9", "10.0.12.10", "127.0.0.1"];

    [Fact]
    public void The_same_input_gives_the_same_bytes()
    {
        var (one, other) = (new CertificateAuthority("orders", Seed), new CertificateAuthority("orders", Seed));

        Assert.Equal(one.Certificate, other.Certificate);
        Assert.Equal(Sign(one, Now), Sign(other, Now.AddHours(3)));
        // Written down, so that no release makes another authority of the same seed: every certificate would be another.
        Assert.Equal(
            "C1C2843D98744470FC44D902C0E6A6662D112507",
            Convert.ToHexString(SHA256.HashData(X509Certificate2.CreateFromPem(one.Certificate).RawData))[..40]);
    }

    [Fact]
    public void Another_seed_and_another_cluster_make_another_authority()
    {
        var one = new CertificateAuthority("orders", Seed);

        Assert.NotEqual(PublicKey(one), PublicKey(new CertificateAuthority("orders", Seed.Replace('0', '1'))));
        Assert.NotEqual(PublicKey(one), PublicKey(new CertificateAuthority("lab", Seed)));
        Assert.NotEqual(PublicKey(one), PublicKey(new CertificateAuthority("orders", Seed, 2)));

        static string PublicKey(CertificateAuthority authority) =>
            X509Certificate2.CreateFromPem(authority.Certificate).GetPublicKeyString();
    }

    [Fact]
    public void One_that_takes_over_has_another_name_and_its_certificates_another_number()
    {
        var (one, next) = (new CertificateAuthority("orders", Seed), new CertificateAuthority("orders", "another " + Seed, 2));
        using var own = X509Certificate2.CreateFromPem(one.Certificate);
        using var other = X509Certificate2.CreateFromPem(next.Certificate);
        Assert.Equal(("CN=orders certificate authority", "CN=orders certificate authority 2"), (own.Subject, other.Subject));
        // By it whoever rereads a file sees that it is another.
        using var before = X509Certificate2.CreateFromPem(Sign(one, Now));
        using var after = X509Certificate2.CreateFromPem(Sign(next, Now));
        Assert.NotEqual(before.SerialNumber, after.SerialNumber);
        Assert.Equal(other.Subject, after.Issuer);
    }

    [Fact]
    public void The_framework_believes_it_for_its_names_and_no_other()
    {
        var authority = new CertificateAuthority("orders", Seed);
        using var certificate = X509Certificate2.CreateFromPem(Sign(authority, Now));

        Assert.True(IsTrusted(authority, certificate, Now));
        Assert.False(IsTrusted(new CertificateAuthority("orders", Seed.Replace('0', '1')), certificate, Now));
        Assert.False(IsTrusted(authority, certificate, Now.AddDays(91)));
        Assert.All(Names.Concat(Addresses), name => Assert.True(certificate.MatchesHostname(name), name));
        Assert.All(["db2", "10.0.12.4", "example.org"], name => Assert.False(certificate.MatchesHostname(name), name));
        Assert.Equal("", certificate.Subject);
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.True(alternatives.Critical);
        Assert.Equal(Names, alternatives.EnumerateDnsNames());
        Assert.Equal(Addresses.Select(IPAddress.Parse), alternatives.EnumerateIPAddresses());
        Assert.Equal(
            ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
            certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>()
                .Select(static one => one.Value!));
    }

    [ProgramFact("openssl")]
    public void Openssl_believes_it_strictly()
    {
        using var folder = new TemporaryProject();
        var authority = new CertificateAuthority("orders", Seed);
        folder.Write("ca.crt", authority.Certificate);
        folder.Write("postgres.crt", Sign(authority, Now));
        var moment = Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        foreach (var check in new[] { "-verify_hostname db1", "-verify_ip 10.0.12.10", "-purpose sslserver", "-purpose sslclient" })
        {
            Programs.Accepts(
                "openssl",
                [
                    "verify", "-x509_strict", "-attime", moment, "-CAfile", Path.Join(folder.Folder, "ca.crt"), .. check.Split(' '),
                    Path.Join(folder.Folder, "postgres.crt"),
                ]);
        }
    }

    [Fact]
    public void Of_a_request_the_key_counts_and_nothing_that_it_claims()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateAuthority("orders", Seed);

        using var certificate = X509Certificate2.CreateFromPem(
            authority.Sign(SampleRequest.Of(key, "CN=postgres"), Names, Addresses, Now));

        Assert.Equal(key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.DoesNotContain("postgres", certificate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_request_of_a_host_is_refused_with_its_name()
    {
        var authority = new CertificateAuthority("orders", Seed);
        using var longer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        // The request of one key, with another's signature.
        var forged = PemEncoding.Find(SampleRequest.Request) is var found
            ? Convert.FromBase64String(SampleRequest.Request[found.Base64Data]) : [];
        forged[^1] ^= 1;

        Refused("unchanged: as it was", "db1 has made no certificate request that can be used");
        Refused(SampleRequest.Of(longer), "/etc/postgres-ha/tls/postgres.crt.key, is none of the curve P-256");
        Refused(PemEncoding.WriteString("CERTIFICATE REQUEST", forged), "db1 has made no certificate request that can be used");

        void Refused(string request, string problem) => Assert.Contains(
            problem,
            Assert.ThrowsAny<CryptographicException>(() => authority.Sign(request, Names, Addresses, Now)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_is_renewed_when_its_period_ends_and_has_thirty_days_then()
    {
        foreach (var cluster in new[] { "orders", "lab", "a", "b" })
        {
            var first = CertificatePeriod.At(cluster, Now);
            var next = first.NotBefore.AddDays(1 + CertificatePeriod.Step);

            Assert.InRange(Now, first.NotBefore.AddDays(1), next.AddTicks(-1));
            Assert.Equal(first, CertificatePeriod.At(cluster, first.NotBefore.AddDays(1)));
            Assert.Equal(first, CertificatePeriod.At(cluster, next.AddTicks(-1)));
            Assert.Equal(TimeSpan.FromDays(30), first.NotAfter - next);
            Assert.Equal(next.AddDays(-1), CertificatePeriod.At(cluster, next).NotBefore);
            Assert.Equal(next.AddDays(90), CertificatePeriod.At(cluster, next).NotAfter);
            // Whatever the zone that the machine is in.
            Assert.Equal(first, CertificatePeriod.At(cluster, Now.ToOffset(TimeSpan.FromHours(14))));
        }

        Assert.True(new[] { "orders", "lab", "a", "b" }.Select(static name => CertificatePeriod.At(name, Now)).Distinct().Count() > 1);
    }

    [Fact]
    public void A_renewed_certificate_and_one_with_another_name_have_another_number()
    {
        var authority = new CertificateAuthority("orders", Seed);
        string[] certificates =
        [
            Sign(authority, Now), Sign(authority, Now.AddDays(CertificatePeriod.Step)),
            authority.Sign(SampleRequest.Request, ["db2"], Addresses, Now),
        ];

        Assert.Equal(
            certificates.Length,
            certificates.Select(static pem => X509Certificate2.CreateFromPem(pem).SerialNumber).Distinct().Count());
    }

    private static string Sign(CertificateAuthority authority, DateTimeOffset now) =>
        authority.Sign(SampleRequest.Request, Names, Addresses, now);

    private static bool IsTrusted(CertificateAuthority authority, X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.Certificate));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate);
    }
}
