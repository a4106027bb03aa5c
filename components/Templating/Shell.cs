namespace PostgresHa.Components.Templating;

/// <summary>
/// Quoting for a POSIX shell: the words of a command line, and of a script that is rendered. csh, which may be a user's login shell, reads
/// the same.
/// </summary>
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

        // csh looks for its history's mark inside quotes too.
        return Harmless.Word(word, "-_./:=,@%+") ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal).Replace("!", "'\\!'", StringComparison.Ordinal) + "'";
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
