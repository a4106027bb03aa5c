using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>
/// A certificate authority of the stack: it signs the requests of the hosts, whose private keys it never sees. Pure: the same seed makes
/// the same authority, and the same request, names and period the same certificate, byte for byte, so that nothing need be kept but the
/// seed, or the key that the user brings.
/// </summary>
public sealed class CertificateAuthority
{
    private static readonly ECDomainParameters Curve = new(ECNamedCurveTable.GetByName("P-256"));

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1"), ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    // Fixed: the day on which it was first made is kept nowhere. It ends when another seed takes its place.
    private static readonly DateTimeOffset NotBefore = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NotAfter = new(2056, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _cluster;
    private readonly string _mark;
    private readonly X500DistinguishedName _name;
    private readonly X509AuthorityKeyIdentifierExtension _identifier;
    private readonly X509SignatureGenerator _signature;
    private readonly DateTimeOffset _end;
    private readonly string _above = "";

    /// <summary>Derives the authority.</summary>
    /// <param name="cluster">The cluster's name; two clusters with one seed have two authorities.</param>
    /// <param name="seed">The secret.</param>
    /// <param name="number">Which of the stack's authorities it is. Default the first.</param>
    public CertificateAuthority(string cluster, string seed, int number = 1)
    {
        _cluster = cluster;
        // What the first one signs is as it was before there was another.
        _mark = number == 1 ? "" : TlsSpecification.AuthorityName(cluster, number);
        _end = NotAfter;
        var key = new ECPrivateKeyParameters(Scalar(number == 1 ? cluster : TlsSpecification.AuthorityName(cluster, number), seed), Curve);
        _signature = new DeterministicSignature(key);
        var identifier = new X509SubjectKeyIdentifierExtension(_signature.PublicKey, critical: false);
        _identifier = X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(TlsSpecification.AuthorityName(cluster, number));
        _name = name.Build();

        var request = new CertificateRequest(_name, _signature.PublicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(identifier);
        using var certificate = request.Create(
            _name, _signature, NotBefore, NotAfter, Serial(_signature.PublicKey.ExportSubjectPublicKeyInfo()));
        Certificate = Pem(certificate);
    }

    /// <summary>One that the user brings.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="signature">How it signs: the same text always the same.</param>
    /// <param name="certificates">Its certificate, then the one above it, and so on up to the root.</param>
    public CertificateAuthority(string cluster, X509SignatureGenerator signature, IReadOnlyList<X509Certificate2> certificates)
    {
        var certificate = certificates[0];
        (_cluster, _signature, _name) = (cluster, signature, certificate.SubjectName);
        _mark = certificate.Thumbprint;
        _end = certificates.Min(static one => new DateTimeOffset(one.NotAfter.ToUniversalTime()));
        _identifier = X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
            certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().First());
        Certificate = string.Concat(certificates.Select(Pem));
        // Who knows the root only is shown what lies between.
        _above = string.Concat(certificates.SkipLast(1).Select(Pem));
    }

    /// <summary>Its certificate as PEM, and those above it, which clients and hosts verify the others by. No secret.</summary>
    public string Certificate { get; }

    /// <summary>Signs a host's request: of it the public key counts, never the names that it claims.</summary>
    /// <param name="request">Text with the request as PEM.</param>
    /// <param name="names">The host's DNS names.</param>
    /// <param name="addresses">Its addresses, also those that it may come to hold.</param>
    /// <param name="now">The moment; decides the period, no more.</param>
    /// <returns>The certificate as PEM, and what lies between it and the root.</returns>
    /// <exception cref="CryptographicException">
    /// There is no request, it was not made by the owner of its key, or the key is of another kind than the hosts make.
    /// </exception>
    public string Sign(string request, IReadOnlyList<string> names, IReadOnlyList<string> addresses, DateTimeOffset now)
    {
        var key = Key(request, names[0]);
        var period = CertificatePeriod.At(_cluster, now);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        foreach (var address in addresses)
        {
            alternatives.AddIpAddress(IPAddress.Parse(address));
        }

        // No common name: etcd takes one of a client for a user's. Without any subject its names are critical (RFC 5280, 4.2.1.6).
        var wanted = new CertificateRequest(new X500DistinguishedNameBuilder().Build(), key, HashAlgorithmName.SHA256);
        wanted.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        wanted.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        wanted.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([ServerAuthentication, ClientAuthentication], critical: false));
        wanted.CertificateExtensions.Add(alternatives.Build(critical: true));
        wanted.CertificateExtensions.Add(_identifier);
        wanted.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        using var certificate = wanted.Create(
            _name,
            _signature,
            period.NotBefore,
            period.NotAfter < _end ? period.NotAfter : _end,
            // Another certificate has another number: whoever rereads files by it sees the renewal.
            Serial(
                [
                    key.ExportSubjectPublicKeyInfo(),
                    Encoding.UTF8.GetBytes(string.Join('\n', names.Concat(addresses))),
                    Encoding.UTF8.GetBytes(period.NotBefore.ToString("O", CultureInfo.InvariantCulture)),
                    .. _mark.Length == 0 ? [] : new[] { Encoding.UTF8.GetBytes(_mark) },
                ]));
        return Pem(certificate) + _above;
    }

    private static PublicKey Key(string request, string host)
    {
        PublicKey key;
        try
        {
            // Checks the signature, by which the host shows that it has the private key.
            key = CertificateRequest.LoadSigningRequestPem(request, HashAlgorithmName.SHA256).PublicKey;
        }
        catch (CryptographicException error)
        {
            throw new CryptographicException($"{host} has made no certificate request that can be used: {error.Message}", error);
        }

        using var curve = key.GetECDsaPublicKey();
        return curve?.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? key
            : throw new CryptographicException(
                $"The key of {host}, {CertificateFiles.KeyPath}, is none of the curve P-256; remove it there, raise reapply, apply.");
    }

    // FIPS 186-5, A.2.1: with 64 bits more than the order has, no key is likelier than another.
    private static BigInteger Scalar(string name, string seed)
    {
        var bits = HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            Encoding.UTF8.GetBytes(seed),
            48,
            info: Encoding.UTF8.GetBytes($"postgres-ha certificate authority of {name}"));
        return new BigInteger(1, bits).Mod(Curve.N.Subtract(BigInteger.One)).Add(BigInteger.One);
    }

    // Positive, and never of another length.
    private static byte[] Serial(params IEnumerable<byte[]> parts)
    {
        var serial = SHA256.HashData([.. parts.SelectMany(SHA256.HashData)])[..16];
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";
}
