namespace PostgresHa.Components.Remote;

/// <summary>Quoting for a POSIX shell; one line of it is read the same by csh, which may be a user's login shell.</summary>
public static class Shell
{
    /// <summary>Quotes one word so that a POSIX shell reads it back unchanged. Words of harmless characters stay as they are.</summary>
    /// <exception cref="ArgumentException">The word holds a NUL, which no argument can carry.</exception>
    public static string Quote(string word)
    {
        if (word.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("An argument cannot hold a NUL character.", nameof(word));
        }

        var harmless = word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal));
        // csh looks for its history's mark inside quotes too.
        return harmless ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal).Replace("!", "'\\!'", StringComparison.Ordinal) + "'";
    }

    /// <summary>The words that run a script of several lines in a command line of one: csh takes no line end inside quotes.</summary>
    public static IReadOnlyList<string> Script(string script) =>
    [
        "sh", "-c", "eval \"$(printf %b \"$1\")\"", "sh",
        script.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal),
    ];

    /// <summary>Quotes each word and joins them to one command line.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
