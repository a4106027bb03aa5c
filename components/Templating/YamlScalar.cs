using System.Globalization;
using System.Text;

namespace PostgresHa.Components.Templating;

/// <summary>
/// Scalars of YAML, for readers of both its versions: Patroni's (1.1, PyYAML) and etcd's (Go), which take different plain words for
/// numbers, truth values and dates.
/// </summary>
public static class YamlScalar
{
    // What either version takes for a truth value or nothing when it is not quoted.
    private static readonly HashSet<string> Reserved =
        new(StringComparer.OrdinalIgnoreCase) { "y", "n", "yes", "no", "on", "off", "true", "false", "null" };

    /// <summary>A scalar that is read back as exactly this text. Plain where it is a word that can mean nothing else.</summary>
    /// <exception cref="ArgumentException">The text is not one line.</exception>
    public static string Text(string value) => IsPlain(value, "_-./") ? value : Quoted(value);

    /// <summary>A scalar that is read back as a number when it is a whole one, else as exactly this text.</summary>
    /// <exception cref="ArgumentException">The text is not one line.</exception>
    public static string Value(string value) =>
        value == "0" || (value.Length is > 0 and < 18 && value[0] is >= '1' and <= '9' && value.All(char.IsAsciiDigit))
            ? value
            : Text(value);

    /// <summary>
    /// As <see cref="Text"/>, for what is made of several words: addresses, lists of them, lines of pg_hba.conf. Plain wherever YAML
    /// allows it; free text is quoted sooner, so the two differ.
    /// </summary>
    /// <exception cref="ArgumentException">The text is not one line.</exception>
    public static string Phrase(string value) =>
        // A colon ends a key where a blank or nothing follows.
        !value.Contains(": ", StringComparison.Ordinal) && value.Trim(' ').Length == value.Length && !value.EndsWith(':')
            && IsPlain(value, "_-./:=,@%+ ")
            ? value
            : Quoted(value);

    // A digit, a dot or a sign may begin a number or a date.
    private static bool IsPlain(string value, string others) =>
        Harmless.Word(value, others) && (char.IsAsciiLetter(value[0]) || value[0] is '/') && !Reserved.Contains(value);

    private static string Quoted(string value)
    {
        Harmless.Line(value, "a YAML file");
        if (value.All(char.IsAscii))
        {
            return "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
        }

        // Escaped, since a host's locale may be one in which its reader cannot read anything but ASCII.
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            text.Append(rune switch
            {
                { Value: '"' or '\\' } => "\\" + rune,
                { IsAscii: true } => rune.ToString(),
                { IsBmp: true } => "\\u" + rune.Value.ToString("X4", CultureInfo.InvariantCulture),
                _ => "\\U" + rune.Value.ToString("X8", CultureInfo.InvariantCulture),
            });
        }

        return text.Append('"').ToString();
    }
}
