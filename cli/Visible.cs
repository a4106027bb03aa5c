using System.Globalization;
using System.Text;

namespace PostgresHa.Cli;

/// <summary>Makes text from hosts and files harmless for a terminal.</summary>
internal static class Visible
{
    /// <summary>
    /// The text with every character that a terminal would obey instead of showing (escape, NUL, carriage return, the direction of
    /// writing) written as its code, <c>\x1b</c>. Line ends and tabs stay.
    /// </summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? visible = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsObeyed(text[i]))
            {
                visible ??= new StringBuilder(text, 0, i, text.Length + 16);
                visible.Append(CultureInfo.InvariantCulture, $"{(text[i] < 256 ? "\\x" : "\\u")}{(int)text[i]:x2}");
            }
            else
            {
                visible?.Append(text[i]);
            }
        }

        return visible?.ToString() ?? text;
    }

    // Format characters are what turns the direction of writing, or hides: U+202E, U+2066, U+200B, a byte order mark.
    private static bool IsObeyed(char c) =>
        c is not ('\n' or '\t') && (char.IsControl(c)
            || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
