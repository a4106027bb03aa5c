using System.Globalization;
using System.Text;

namespace PostgresHa.Specification;

/// <summary>
/// Makes text from files and command lines fit to be shown: a terminal obeys control characters, and a reader believes line breaks.
/// </summary>
public static class Printable
{
    /// <summary>A message of one line: every control character is shown as an escape, line breaks included.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text; <c>\n</c>, <c>\x1b</c>, <c>\u202e</c> in place of what would not be seen.</returns>
    public static string Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Format characters turn the direction of what follows or hide it; unpaired surrogates arrive as U+FFFD.
            var hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            _ = hidden ? shown.Append(Code(rune.Value)) : shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    private static string Code(int value) => value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
        < 0x10000 => string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{value:x8}"),
    };
}
