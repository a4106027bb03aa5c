using PostgresHa.Specification;

namespace PostgresHa.Components.Templating;

/// <summary>What the syntaxes have in common: words that need no quotes anywhere, and what none of them can carry.</summary>
internal static class Harmless
{
    /// <summary>Whether a word is made of ASCII letters, digits and the given further characters, and of at least one.</summary>
    public static bool Word(string word, string others) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal));

    /// <summary>The value itself, when it is one line.</summary>
    /// <param name="value">The value; never shown, since it may be a secret.</param>
    /// <param name="file">The kind of file, for the message.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Line(string value, string file) => LineText.IsOneLine(value)
        ? value
        : throw new ArgumentException($"A value in {file} cannot hold a line break or control character.", nameof(value));
}
