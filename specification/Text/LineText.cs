namespace PostgresHa.Specification;

/// <summary>Text of one line, the only kind that any of the cluster's files takes as a value.</summary>
public static class LineText
{
    // What one of the files' readers takes for the end of a line, or refuses as no character: Unicode's line and paragraph separators, the
    // byte order mark, which some readers drop, and the two that are none.
    private const string Others = "\u2028\u2029\uFEFF\uFFFE\uFFFF";

    /// <summary>
    /// Whether a text is one line: without line breaks, control characters and halves of surrogate pairs. An empty text is one.
    /// </summary>
    public static bool IsOneLine(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (char.IsControl(text[i]) || char.IsSurrogate(text[i]) || Others.Contains(text[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
