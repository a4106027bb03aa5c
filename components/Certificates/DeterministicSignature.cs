using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace PostgresHa.Components;

/// <summary>
/// ECDSA with SHA-256 whose nonce is derived of key and message (RFC 6979): the same certificate has the same signature at each run. The
/// framework's own ECDSA draws the nonce.
/// </summary>
/// <param name="key">The private key, of P-256.</param>
internal sealed class DeterministicSignature(ECPrivateKeyParameters key) : X509SignatureGenerator
{
    // SEQUENCE { OBJECT IDENTIFIER 1.2.840.10045.4.3.2 ecdsa-with-SHA256 }
    private static readonly byte[] Algorithm = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Algorithm;

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, key);
        var pair = signer.GenerateSignature(SHA256.HashData(data));
        return StandardDsaEncoding.Instance.Encode(key.Parameters.N, pair[0], pair[1]);
    }

    protected override PublicKey BuildPublicKey()
    {
        var point = key.Parameters.G.Multiply(key.D).Normalize();
        using var curve = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point.AffineXCoord.GetEncoded(), Y = point.AffineYCoord.GetEncoded() },
        });
        return new PublicKey(curve);
    }
}
