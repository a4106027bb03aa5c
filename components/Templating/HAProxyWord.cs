namespace PostgresHa.Components.Templating;

/// <summary>Words of HAProxy's configuration.</summary>
public static class HAProxyWord
{
    /// <summary>
    /// A word, in single quotes unless all its characters are harmless. Between those nothing has a meaning; a single quote stands outside
    /// of them.
    /// </summary>
    /// <exception cref="ArgumentException">The word is not one line.</exception>
    public static string Quote(string value) =>
        Harmless.Word(value, "-_.:/")
            ? value
            : "'" + Harmless.Line(value, "HAProxy's configuration").Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
