using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>
/// A file in OpenSSH's known_hosts format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): names plain, with wildcards or hashed, and revoked keys.
/// Certificate authorities are left out: neither way to the hosts can use them.
/// </summary>
internal sealed class KnownHosts
{
    private readonly List<Line> _lines;

    private KnownHosts(List<Line> lines) => _lines = lines;

    public static KnownHosts Read(IEnumerable<string> text) => new([.. text.Select(Parse).OfType<Line>()]);

    /// <summary>The key of a host, the best of several; null when there is none that holds.</summary>
    /// <param name="name">Its name by <see cref="HostKeys.Name"/>.</param>
    public string? Find(string name) => Of(name, revoked: false)
        .Where(key => !IsRevoked(name, key))
        .OrderBy(key => HostKeys.Types.ToList().IndexOf(key.Split(' ')[0]))
        .FirstOrDefault();

    /// <summary>Whether a key must not be taken for this host's any more.</summary>
    public bool IsRevoked(string name, string key) => Of(name, revoked: true).Contains(key, StringComparer.Ordinal);

    /// <summary>Whether every key that the file has for a host is revoked, and there is one.</summary>
    public bool HasRevokedOnly(string name) => Find(name) is null && Of(name, revoked: true).Any();

    private IEnumerable<string> Of(string name, bool revoked) =>
        _lines.Where(line => line.Revoked == revoked && line.Is(name)).Select(line => line.Key);

    private static Line? Parse(string text)
    {
        var parts = text.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var revoked = parts is ["@revoked", ..];
        if (revoked)
        {
            parts = parts[1..];
        }

        if (parts.Length < 3 || parts[0][0] is '#' or '@')
        {
            return null;
        }

        var key = parts[1] + " " + parts[2];
        return HostKeys.Check(key) is null ? new Line(parts[0], revoked, key) : null;
    }

    private sealed record Line(string Names, bool Revoked, string Key)
    {
        public bool Is(string name) => Names.StartsWith('|') ? IsHash(name) : IsPattern(name);

        // |1|SALT|HMAC-SHA1 of the name by the salt, which is not meant to keep secrets from us.
        private bool IsHash(string name)
        {
            var parts = Names.Split('|');
            byte[] salt = new byte[64], hash = new byte[64];
            return parts is ["", "1", { } first, { } second]
                && Convert.TryFromBase64String(first, salt, out var saltLength)
                && Convert.TryFromBase64String(second, hash, out var hashLength)
#pragma warning disable CA5350 // OpenSSH's format knows no other.
                && HMACSHA1.HashData(salt.AsSpan(0, saltLength), Encoding.UTF8.GetBytes(name.ToLowerInvariant())).AsSpan()
                    .SequenceEqual(hash.AsSpan(0, hashLength));
#pragma warning restore CA5350
        }

        // One that begins with ! takes the whole line away from the host.
        private bool IsPattern(string name)
        {
            var patterns = Names.Split(',', StringSplitOptions.RemoveEmptyEntries);
            return patterns.Any(pattern => Fits(pattern, name))
                && !patterns.Any(pattern => pattern.StartsWith('!') && Fits(pattern[1..], name));
        }

        private static bool Fits(string pattern, string name) => Regex.IsMatch(
            name,
            "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
