using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>The passwords that a stack may set instead of having them generated, and the one rule for all of them.</summary>
/// <remarks>
/// One rule, though each password reaches other programs: what holds for all needs no table of who reads which. Quotes, blanks and the like are no matter
/// of it; whoever writes a file quotes them.
/// </remarks>
public static partial class Passwords
{
    /// <summary>Longest password in bytes of UTF-8: etcd stores bcrypt hashes, which read no more of it and would let every longer one in.</summary>
    public const int LongestInBytes = 72;

    // First and last of each run of characters outside ASCII that SASLprep leaves as they are wherever they stand (RFC 4013: no unassigned code point of
    // Unicode 3.2, nothing from right to left, stable under NFKC; no combining mark): letters of Latin, Greek, Cyrillic, Chinese, Japanese and Korean with
    // a few signs. PostgreSQL's clients prepare a password so before they use it, not all of them alike.
    private const string Stable =
        "\u00A1\u00A7\u00A9\u00A9\u00AB\u00AC\u00AE\u00AE\u00B0\u00B1\u00B6\u00B7\u00BB\u00BB\u00BF\u0131\u0134\u013E\u0141\u0148\u014A\u017E"
        + "\u0386\u0386\u0388\u038A\u038C\u038C\u038E\u03A1\u03A3\u03CE\u0400\u0482\u048A\u04CE\u1EA0\u1EF9\u20AC\u20AC\u3041\u3096\u30A1\u30FA"
        + "\u4E00\u9FA5\uAC00\uD7A3";

    /// <summary>Whose passwords there are; the configuration key of each is its name and <c>Password</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["superuser", "replication", "rewind", "application", "pgbouncer", "patroniApi", "etcdRoot", "etcdPatroni", "statistics"];

    /// <summary>The name of a password's key beside <c>postgres-ha:cluster</c>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Key(string name) => name + "Password";

    /// <summary>What is wrong with a password; null for nothing. The answer holds nothing of it.</summary>
    /// <param name="key">Its full key, for instance <c>postgres-ha:superuserPassword</c>.</param>
    /// <param name="password">The password.</param>
    public static SpecificationError? Check(string key, string password)
    {
        (string Problem, string Remedy)? complaint =
            password.Length == 0 ? ("is empty", "set one line of text, or remove the key to have a password generated")
            : !LineText.IsOneLine(password) ? ("has several lines or a control character", "set one line of text")
            : password.All(static c => c == ' ') ? ("is nothing but blanks", "set a password that somebody can see")
            : Encoding.UTF8.GetByteCount(password) > LongestInBytes ? ($"is longer than {LongestInBytes} bytes, and etcd would heed no more of it", "set a shorter one")
            : FirstUnstable(password) is { } place
                ? ($"has at place {place} a character that SASLprep (RFC 4013) changes, forbids or may not know, so that PostgreSQL's clients would not agree about it",
                    "use ASCII, or composed letters of Latin, Greek, Cyrillic, Chinese, Japanese or Korean")
            : Stored().IsMatch(password) ? ("has the form of a stored password, for which PgBouncer would take it", "set the password itself, which does not begin so")
            : IsStructure(password) ? ("is a list or mapping", "set one line of text")
            : null;
        return complaint is { } found ? new SpecificationError(key, null, found.Problem, found.Remedy) : null;
    }

    private static string? FirstUnstable(string password)
    {
        for (int i = 0; i < password.Length; i++)
        {
            if (!char.IsAscii(password[i]) && !IsStable(password[i]))
            {
                return (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private static bool IsStable(char character)
    {
        for (int i = 0; i < Stable.Length; i += 2)
        {
            if (character >= Stable[i] && character <= Stable[i + 1])
            {
                return true;
            }
        }

        return false;
    }

    // What `pulumi config set --path` makes of a key with an index or a further name reaches the program as JSON.
    private static bool IsStructure(string password)
    {
        if (password[0] is not ('[' or '{'))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(password);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex("^(md5[0-9a-f]{32}$|SCRAM-SHA-256[$])", RegexOptions.CultureInvariant)]
    private static partial Regex Stored();
}
