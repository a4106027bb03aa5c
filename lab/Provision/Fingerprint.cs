using System.Security.Cryptography;
using System.Text;

namespace PostgresHa.Lab.Provision;

/// <summary>Names things after what they were made from.</summary>
internal static class Fingerprint
{
    /// <summary>Ten hexadecimal digits that differ when any of the parts does.</summary>
    public static string Of(params string?[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..10];
}
