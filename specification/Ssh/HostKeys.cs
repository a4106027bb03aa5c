using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PostgresHa.Specification;

/// <summary>Public SSH host keys as a stack file or a known_hosts file states them.</summary>
internal static class HostKeys
{
    /// <summary>
    /// The types that OpenSSH and Pulumi's command provider both verify, the one to choose first where a host has several.
    /// </summary>
    public static readonly IReadOnlyList<string> Types = [Ed25519, Ecdsa + "256", Ecdsa + "384", Ecdsa + "521", Rsa];

    private const string Ed25519 = "ssh-ed25519";
    private const string Ecdsa = "ecdsa-sha2-nistp";
    private const string Rsa = "ssh-rsa";

    private static readonly string[] OtherTypes = ["ssh-", "ecdsa-", "sk-"];

    // Below, an RSA key can be computed from its public half by whoever pays for it; no system has made one for long.
    private const int RsaBytes = 2048 / 8;

    /// <summary>What is wrong with a key; null when nothing is. A comment behind it is allowed.</summary>
    public static Complaint? Check(string key)
    {
        const string Remedy = "give the host's ed25519 key: the content of its /etc/ssh/ssh_host_ed25519_key.pub, ssh-ed25519 AAAA…; "
            + "where it has none, as in FIPS mode, that of its ssh_host_ecdsa_key.pub or ssh_host_rsa_key.pub";
        var parts = key.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !Types.Contains(parts[0], StringComparer.Ordinal))
        {
            var other = parts.Length > 0
                && OtherTypes.Any(kind => parts[0].StartsWith(kind, StringComparison.Ordinal));
            return new Complaint(
                other && !Types.Contains(parts[0])
                    ? "is not of the type ssh-ed25519, ecdsa or rsa"
                    : "is not an ed25519 host key, nor one of another type",
                Remedy);
        }

        return IsWhole(parts[0], parts[1]) ? null
            : new Complaint(
                parts[0] == Ed25519
                    ? "is cut off or damaged"
                    : $"is not of the type ssh-ed25519, and as {parts[0]} it is cut off, damaged or too short",
                Remedy);
    }

    /// <summary>The key without its comment, as OpenSSH and Pulumi's command provider take it.</summary>
    public static string Normalise(string key) => string.Join(' ', key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));

    /// <summary>The name a host has in known_hosts: bare for port 22, else <c>[address]:port</c>.</summary>
    public static string Name(string address, int port) =>
        port == 22 ? address : string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}");

    // A key is a row of fields, each behind its length: the type, then what that type has (RFC 4253 and 5656, RFC 8709).
    private static bool IsWhole(string type, string text)
    {
        var blob = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, blob, out var length) || Fields(blob.AsMemory(0, length)) is not { } fields
            || fields.Count < 2 || Text(fields[0]) != type)
        {
            return false;
        }

        return type switch
        {
            Ed25519 => fields.Count == 2 && fields[1].Length == 32,
            Rsa => fields.Count == 3 && fields[2].Span.TrimStart((byte)0).Length >= RsaBytes,
            // A curve, and an uncompressed point of it.
            _ => fields.Count == 3 && Text(fields[1]) == type["ecdsa-sha2-".Length..]
                && fields[2].Length == 1 + (2 * ((int.Parse(type.AsSpan(Ecdsa.Length), CultureInfo.InvariantCulture) + 7) / 8))
                    && fields[2].Span[0] == 4,
        };
    }

    private static List<ReadOnlyMemory<byte>>? Fields(ReadOnlyMemory<byte> blob)
    {
        var fields = new List<ReadOnlyMemory<byte>>();
        while (blob.Length > 0)
        {
            if (blob.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(blob.Span) is var length && length > blob.Length - 4)
            {
                return null;
            }

            fields.Add(blob.Slice(4, (int)length));
            blob = blob[(4 + (int)length)..];
        }

        return fields;
    }

    private static string Text(ReadOnlyMemory<byte> field) => Encoding.ASCII.GetString(field.Span);
}
