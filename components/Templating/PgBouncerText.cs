namespace PostgresHa.Components.Templating;

/// <summary>Values in PgBouncer's two files.</summary>
public static class PgBouncerText
{
    /// <summary>The value of a setting in pgbouncer.ini, which goes to the end of its line and has no quotes.</summary>
    /// <exception cref="ArgumentException">
    /// The value is not one line, is empty, or has a blank at one of its ends, which PgBouncer would drop.
    /// </exception>
    public static string Setting(string value) =>
        Harmless.Line(value, "pgbouncer.ini") is { Length: > 0 } line && !char.IsWhiteSpace(line[0]) && !char.IsWhiteSpace(line[^1])
        ? line
        : throw new ArgumentException("A value in pgbouncer.ini cannot be empty, nor begin or end with a blank.", nameof(value));

    /// <summary>A name or password as it stands between the double quotes of userlist.txt: a double quote in it is doubled.</summary>
    /// <exception cref="ArgumentException">The value is not one line.</exception>
    public static string Listed(string value) => Harmless.Line(value, "userlist.txt").Replace("\"", "\"\"", StringComparison.Ordinal);
}
