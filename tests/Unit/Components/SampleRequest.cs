using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PostgresHa.Components;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>What the tool certificate-request makes on a host: a private key and the request to it. One for the whole process.</summary>
internal static class SampleRequest
{
    private static readonly CertificateAuthority Signer = new("orders", "seed");
    private static readonly ECDsa Pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The private key as PEM.</summary>
    public static string Key { get; } = Pair.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The request as PEM.</summary>
    public static string Request { get; } = Of(Pair);

    /// <summary>The certificate of who signs it, as PEM.</summary>
    public static string Authority => Signer.Certificate;

    /// <summary>A certificate for it as PEM, of today.</summary>
    public static string Certificate { get; } =
        Signer.Sign(Request, ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow);

    /// <summary>A request for a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="claimed">The name that it claims. Default none.</param>
    public static string Of(ECDsa key, string claimed = "") =>
        new CertificateRequest(claimed, key, HashAlgorithmName.SHA256).CreateSigningRequestPem() + "\n";
}
