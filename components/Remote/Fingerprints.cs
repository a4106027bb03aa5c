using System.Security.Cryptography;
using System.Text;

namespace PostgresHa.Components.Remote;

/// <summary>Fingerprints by which a service notices that what it runs with has changed.</summary>
public static class Fingerprints
{
    /// <summary>The first 16 hexadecimal digits of the SHA-256 of a text's UTF-8 bytes.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
