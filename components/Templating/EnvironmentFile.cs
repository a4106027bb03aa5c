namespace PostgresHa.Components.Templating;

/// <summary>Values of an environment file: systemd's EnvironmentFile, and what the tool with-environment reads the same way.</summary>
public static class EnvironmentFile
{
    /// <summary>A value as it stands after <c>NAME=</c>: quoted unless all its characters are harmless.</summary>
    /// <exception cref="ArgumentException">The value is not one line.</exception>
    public static string Value(string value) => Harmless.Word(value, "-_./:,@+=%") ? value : "\"" + Quoted(value) + "\"";

    /// <summary>A value as it stands between double quotes; those are the file's own.</summary>
    /// <remarks>
    /// https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html: only these four characters are escaped by a backslash,
    /// as in a POSIX shell, so that both read the same.
    /// </remarks>
    /// <exception cref="ArgumentException">The value is not one line.</exception>
    public static string Quoted(string value) =>
        string.Concat(
            Harmless.Line(value, "an environment file")
                .Select(static c => "\"\\`$".Contains(c, StringComparison.Ordinal) ? "\\" + c : c.ToString()));
}
