using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PostgresHa.Components;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>An authority that the user brings: what can be used is, deterministically, and of all else is said how to mend it.</summary>
public sealed class OwnAuthorityTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly Sample Root = Sample.Of("CN=Root, O=Example", ECDsa.Create(ECCurve.NamedCurves.nistP256), null);

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    [InlineData("RSA")]
    public void What_it_signs_is_believed_by_who_knows_the_root_and_is_the_same_each_time(string kind)
    {
        var signer = Sample.Of("CN=Databases, O=Example", Key(kind), Root);
        var pem = Root.Pem + signer.KeyPem + signer.Pem;

        var signed = Sign(pem);

        Assert.Equal(signed, Sign(pem));
        Assert.Equal(signer.Pem + Root.Pem, Authority(pem).Certificate);
        // Behind it, what lies between it and the root.
        var shown = new X509Certificate2Collection();
        shown.ImportFromPem(signed);
        Assert.Equal(["CN=Databases, O=Example", "CN=Databases, O=Example"], [shown[0].Issuer, shown[1].Subject]);
        Assert.Equal(2, shown.Count);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Root.Certificate);
        chain.ChainPolicy.ExtraStore.Add(shown[1]);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.UtcDateTime;
        Assert.True(chain.Build(shown[0]), string.Join(", ", chain.ChainStatus.Select(static one => one.StatusInformation)));
        Assert.True(shown[0].MatchesHostname("db1"));
    }

    [Fact]
    public void A_root_signs_by_itself_and_nothing_outlives_it()
    {
        var root = Sample.Of("CN=Short", ECDsa.Create(ECCurve.NamedCurves.nistP256), null, days: 20);
        var shown = new X509Certificate2Collection();
        shown.ImportFromPem(Sign(root.KeyPem + root.Pem));

        Assert.Equal(root.Certificate.NotAfter, Assert.Single(shown).NotAfter);
    }

    [Fact]
    public void What_cannot_sign_is_refused_with_what_would_mend_it()
    {
        var signer = Sample.Of("CN=Databases", Key("P-384"), Root);
        var leaf = Sample.Of("CN=Somebody", Key("P-256"), Root, isAuthority: false);
        var ended = Sample.Of("CN=Ended", Key("P-256"), null, days: -1);
        var loose = Sample.Of("CN=Loose", Key("P-256"), null, without: 'c');
        var useless = Sample.Of("CN=Useless", Key("P-256"), null, without: 'u');
        var nameless = Sample.Of("CN=Nameless", Key("P-256"), null, without: 's');
        var orphan = Sample.Of("CN=Orphan", Key("P-256"), Root, without: 'a');
        var below = Sample.Of("CN=Below", Key("P-256"), useless);
        var curve = Sample.Of("CN=Curve", ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1), null);
        foreach (var (pem, problem) in new[]
        {
            ("", "holds no private key"),
            ("superuser", "holds no private key"),
            (signer.KeyPem, "holds no certificate to its private key"),
            (signer.KeyPem + Root.Pem, "holds no certificate to its private key"),
            (signer.Pem + Root.Pem, "holds no private key"),
            (signer.KeyPem + signer.Pem, "append them"),
            (signer.KeyPem + signer.Pem + Root.Pem.Replace("CERTIFICATE", "CERTIFICATE X", StringComparison.Ordinal), "append them"),
            (leaf.KeyPem + leaf.Pem + Root.Pem, "(CN=Somebody) that may sign no others"),
            (loose.KeyPem + loose.Pem, "(CN=Loose) without basic constraints that are critical"),
            (useless.KeyPem + useless.Pem, "(CN=Useless) without the key usage keyCertSign"),
            (below.KeyPem + below.Pem + useless.Pem, "(CN=Useless) without the key usage keyCertSign"),
            (nameless.KeyPem + nameless.Pem, "(CN=Nameless) without a subject key identifier"),
            (orphan.KeyPem + orphan.Pem + Root.Pem, "(CN=Orphan) without an authority key identifier"),
            (ended.KeyPem + ended.Pem, "not valid on 2026-11-27"),
            (curve.KeyPem + curve.Pem, "a curve that not everybody knows"),
            (
                signer.Key.ExportEncryptedPkcs8PrivateKeyPem(
                    "x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)) + "\n" + signer.Pem
                    + Root.Pem,
                "with a passphrase"),
            (signer.KeyPem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "that cannot be read"),
        })
        {
            var error = Assert.Throws<FormatException>(() => OwnAuthority.Read(pem, Now));
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.Contains("; ", error.Message, StringComparison.Ordinal);
        }
    }

    private static CertificateAuthority Authority(string pem)
    {
        var own = OwnAuthority.Read(pem, Now);
        return new CertificateAuthority("orders", own.Signature, own.Certificates);
    }

    private static string Sign(string pem) =>
        Authority(pem).Sign(SampleRequest.Request, ["db1", "localhost"], ["127.0.0.1"], Now);

    private static AsymmetricAlgorithm Key(string kind) => kind switch
    {
        "P-256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "P-521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => RSA.Create(2048),
    };

    private sealed record Sample(X509Certificate2 Certificate, AsymmetricAlgorithm Key)
    {
        public string Pem => Certificate.ExportCertificatePem() + "\n";

        public string KeyPem => Key.ExportPkcs8PrivateKeyPem() + "\n";

        public static Sample Of(
            string name, AsymmetricAlgorithm key, Sample? above, bool isAuthority = true, int days = 3650, char without = ' ')
        {
            var request = key is RSA rsa
                ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: without != 'c'));
            if (without != 'u')
            {
                request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            }

            if (without != 's')
            {
                request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            }

            if (above is not null && without != 'a')
            {
                request.CertificateExtensions.Add(
                    X509AuthorityKeyIdentifierExtension.CreateFromCertificate(above.Certificate, true, false));
            }

            var begin = Now.AddDays(-100);
            return new(
                above is null
                    ? request.CreateSelfSigned(begin, Now.AddDays(days))
                    : request.Create(
                        above.Certificate.SubjectName,
                        X509SignatureGenerator.CreateForECDsa((ECDsa)above.Key),
                        begin,
                        Now.AddDays(days),
                        RandomNumberGenerator.GetBytes(12).Prepend((byte)1).ToArray()),
                key);
        }
    }
}
