using System.Text.RegularExpressions;

namespace PostgresHa.Lab;

/// <summary>Text as a console shows it, made readable.</summary>
public static partial class ConsoleText
{
    /// <summary>The text without escape sequences and carriage returns.</summary>
    public static string Plain(string text) =>
        EscapePattern().Replace(text, string.Empty).Replace("\r", string.Empty, StringComparison.Ordinal);

    [GeneratedRegex(@"\x1b(\[[0-9;?!]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9]|[=>78])")]
    private static partial Regex EscapePattern();
}
