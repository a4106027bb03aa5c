namespace PostgresHa.Components.Templating;

/// <summary>Values in a unit of systemd.</summary>
public static class SystemdUnit
{
    /// <summary>Free text, for instance a description; systemd would take a % for one of its specifiers.</summary>
    /// <exception cref="ArgumentException">
    /// The text is not one line, or ends in a backslash, which would join the next line to it.
    /// </exception>
    public static string Text(string value) => Harmless.Line(value, "a unit").EndsWith('\\')
        ? throw new ArgumentException("A text in a unit cannot end in a backslash.", nameof(value))
        : value.Replace("%", "%%", StringComparison.Ordinal);

    /// <summary>One word of a command line (Exec…=), quoted unless all its characters are harmless.</summary>
    /// <exception cref="ArgumentException">The word is not one line.</exception>
    public static string Argument(string value)
    {
        if (Harmless.Word(value, "-_./:=,@+"))
        {
            return value;
        }

        var text = Harmless.Line(value, "a unit")
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("$", "$$", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal);
        return $"\"{text}\"";
    }
}
