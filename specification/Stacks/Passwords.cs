using System.Text.Json;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>The passwords that a stack may set instead of having them generated, and the one rule for all of them.</summary>
/// <remarks>
/// One rule, though each password reaches other programs: what holds for all needs no table of who reads which. Quotes, blanks and the
/// like are no matter of it; whoever writes a file quotes them. Outside ASCII there is no common ground: PostgreSQL's clients prepare a
/// password by SASLprep, not all of them alike, and Patroni sends its API's in Latin-1 (urllib3's make_headers) to a server that expects
/// UTF-8.
/// </remarks>
public static partial class Passwords
{
    /// <summary>
    /// Longest password in characters: etcd stores bcrypt hashes, which read no more of it and would let every longer one in.
    /// </summary>
    public const int Longest = 72;

    /// <summary>What is wrong with a password; null for nothing. The answer holds nothing of it.</summary>
    /// <param name="key">Its full key, for instance <c>postgres-ha:superuserPassword</c>.</param>
    /// <param name="password">The password.</param>
    /// <param name="least">Its fewest characters. Default 1.</param>
    public static SpecificationError? Check(string key, string password, int least = 1)
    {
        (string Problem, string Remedy)? complaint =
            password.Length == 0 ? ("is empty", "set one line of text, or remove the key to have a password generated")
            : !LineText.IsOneLine(password) ? ("has several lines or a control character", "set one line of text")
            : password.All(static c => c == ' ') ? ("is nothing but blanks", "set a password that somebody can see")
            : !password.All(char.IsAscii)
                ? ("has a character outside ASCII, which SASLprep (RFC 4013) may change and which the members of Patroni do not read "
                    + "alike in each other's requests",
                    "use letters, digits, blanks and signs of ASCII")
            : password.Length > Longest ? ($"is longer than {Longest} characters, and etcd would heed no more of it", "set a shorter one")
            : password.Length < least ? ($"is shorter than {least} characters", $"set at least {least}, drawn at random")
            : Stored().IsMatch(password) ? (
                "has the form of a stored password, for which PgBouncer would take it", "set the password itself, which does not begin so")
            : IsStructure(password) ? ("is a list or mapping", "set one line of text")
            : null;
        return complaint is { } found ? new SpecificationError(key, null, found.Problem, found.Remedy) : null;
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
