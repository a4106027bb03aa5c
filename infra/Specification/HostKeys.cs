using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PostgresHa.Specification;

/// <summary>Public SSH host keys: those the hosts state themselves, and those of a known_hosts file. Only ed25519.</summary>
internal static class HostKeys
{
    public const string Algorithm = "ssh-ed25519";

    /// <summary>What is wrong with a key; null when it is an ed25519 key. A comment behind it is allowed.</summary>
    public static Complaint? Check(string key)
    {
        const string Remedy = "give the host's ed25519 key: the content of its /etc/ssh/ssh_host_ed25519_key.pub, ssh-ed25519 AAAA…";
        string[] parts = key.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || parts[0] != Algorithm)
        {
            return new Complaint(parts.Length > 0 && parts[0] is "ssh-rsa" or "ssh-dss" || key.StartsWith("ecdsa-", StringComparison.Ordinal)
                ? "is not of the type ssh-ed25519" : "is no ed25519 host key", Remedy);
        }

        // The blob is: length of the name, the name, length 32, the 32 bytes of the key.
        Span<byte> blob = stackalloc byte[51 + 3];
        return Convert.TryFromBase64String(parts[1], blob, out int written)
            && written == 51
            && BinaryPrimitives.ReadInt32BigEndian(blob) == Algorithm.Length
            && Encoding.ASCII.GetString(blob[4..15]) == Algorithm
            && BinaryPrimitives.ReadInt32BigEndian(blob[15..]) == 32
            ? null
            : new Complaint("is cut off or damaged", Remedy);
    }

    /// <summary>The key without its comment, as OpenSSH and Pulumi's command provider take it.</summary>
    public static string Normalise(string key) => string.Join(' ', key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));

    /// <summary>The name a host has in known_hosts: bare for port 22, else <c>[address]:port</c>.</summary>
    public static string Name(string address, int port) =>
        port == 22 ? address : string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}");

    /// <summary>The ed25519 keys of a known_hosts file by host name. Hashed and revoked entries and certificate authorities are left out.</summary>
    public static Dictionary<string, string> ReadKnownHosts(IEnumerable<string> lines)
    {
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines)
        {
            string[] parts = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 3 || parts[0][0] is '#' or '@' or '|' || parts[1] != Algorithm)
            {
                continue;
            }

            string key = parts[1] + " " + parts[2];
            if (Check(key) is not null)
            {
                continue;
            }

            foreach (string name in parts[0].Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                keys.TryAdd(name, key);
            }
        }

        return keys;
    }
}
