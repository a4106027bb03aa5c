using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace PostgresHa.Components;

/// <summary>A certificate authority that the user brings: its private key, its certificate, and those above it.</summary>
public sealed class OwnAuthority
{
    // Of elliptic curves the framework writes a signature's algorithm for, those with which every library can deal.
    private static readonly string[] Curves = [Oids.P256, Oids.P384, Oids.P521];

    private OwnAuthority(X509SignatureGenerator signature, IReadOnlyList<X509Certificate2> certificates)
    {
        Signature = signature;
        Certificates = certificates;
    }

    /// <summary>How it signs: the same text has the same signature each time.</summary>
    public X509SignatureGenerator Signature { get; }

    /// <summary>Its own certificate, then the one above it, and so on up to the root.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; }

    /// <summary>Reads one.</summary>
    /// <param name="pem">Private key and certificates as PEM, in any order.</param>
    /// <param name="now">The moment at which it is to be valid.</param>
    /// <exception cref="FormatException">
    /// It cannot sign certificates that others believe; the message says why, as the end of a sentence, and how to mend it.
    /// </exception>
    public static OwnAuthority Read(string pem, DateTimeOffset now)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw new FormatException("holds a certificate that cannot be read; write each as PEM, as openssl x509 prints it");
        }

        var (publicKey, signature) = Key(pem);
        var signer = certificates.FirstOrDefault(one => one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
            ?? throw new FormatException(
                "holds no certificate to its private key; write both into it, and the certificates above up to the root");
        Check(signer);
        var chain = Chain(signer, certificates, now);
        chain.ForEach(Check);
        return new OwnAuthority(signature, chain);
    }

    // What RFC 5280 asks of an authority, and strict verifiers hold it to: Python since 3.13, and with it Patroni.
    private static void Check(X509Certificate2 one)
    {
        if (Find<X509BasicConstraintsExtension>() is not { CertificateAuthority: true })
        {
            throw new FormatException($"has a certificate ({one.Subject}) that may sign no others; bring one of an authority (CA:TRUE)");
        }

        var lacks = Find<X509BasicConstraintsExtension>()!.Critical == false ? "basic constraints that are critical"
            : Find<X509KeyUsageExtension>()?.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign) != true ? "the key usage keyCertSign"
            : Find<X509SubjectKeyIdentifierExtension>() is null ? "a subject key identifier"
            : !IsRoot(one) && Find<X509AuthorityKeyIdentifierExtension>() is null ? "an authority key identifier"
            : null;
        if (lacks is not null)
        {
            throw new FormatException(
                $"has a certificate ({one.Subject}) without {lacks}, which strict programs refuse (RFC 5280, 4.2.1); have it made with "
                + "that");
        }

        T? Find<T>()
            where T : X509Extension => one.Extensions.OfType<T>().FirstOrDefault();
    }

    private static bool IsRoot(X509Certificate2 one) => one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData);

    private static (byte[] PublicKey, X509SignatureGenerator Signature) Key(string pem)
    {
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new FormatException("holds a private key with a passphrase; take that off (openssl pkey), the stack encrypts it");
        }

        try
        {
            using var curve = ECDsa.Create();
            curve.ImportFromPem(pem);
            var parameters = curve.ExportParameters(true);
            if (!Curves.Contains(parameters.Curve.Oid.Value, StringComparer.Ordinal))
            {
                throw new FormatException(
                    "holds a private key of a curve that not everybody knows; bring one of P-256, P-384, P-521, or RSA");
            }

            var domain = new ECDomainParameters(ECNamedCurveTable.GetByOid(new DerObjectIdentifier(parameters.Curve.Oid.Value)));
            return (
                curve.ExportSubjectPublicKeyInfo(),
                new DeterministicSignature(new ECPrivateKeyParameters(new BigInteger(1, parameters.D), domain)));
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            // None of an elliptic curve.
        }

        try
        {
            // Not disposed of: it signs with it.
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return (rsa.ExportSubjectPublicKeyInfo(), X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1));
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new FormatException(
                "holds no private key, of an elliptic curve or RSA, as PEM (or several); write the authority's into it");
        }
    }

    private static List<X509Certificate2> Chain(X509Certificate2 signer, X509Certificate2Collection certificates, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        foreach (var one in certificates)
        {
            (IsRoot(one) ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(one);
        }

        if (!chain.Build(signer))
        {
            var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
            throw new FormatException(
                flags.HasFlag(X509ChainStatusFlags.PartialChain) || flags.HasFlag(X509ChainStatusFlags.UntrustedRoot)
                    ? "does not hold the certificates above its own up to the root; append them"
                : flags.HasFlag(X509ChainStatusFlags.NotTimeValid)
                    ? $"has a certificate that is not valid on {now.UtcDateTime:yyyy-MM-dd}; bring a renewed one"
                : $"has certificates that do not fit each other ({flags}); bring the authority's own and those above it");
        }

        return [.. chain.ChainElements.Select(static element => element.Certificate)];
    }

    private static class Oids
    {
        public const string P256 = "1.2.840.10045.3.1.7", P384 = "1.3.132.0.34", P521 = "1.3.132.0.35";
    }
}
