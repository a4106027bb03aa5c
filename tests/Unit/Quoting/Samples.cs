namespace PostgresHa.Tests.Unit.Quoting;

/// <summary>
/// Values that a careless file would not carry: every printable character at every place, and what the readers' syntaxes are made of.
/// </summary>
internal static class Samples
{
    private const int Seed = 20251125;

    private static readonly string[] Known =
    [
        "a\"b", "abc#def", "two words", "ends in =", "=", "==", "$(id)", "$HOME", "${HOME}", "`id`", "\\", "\\\\", "a\\", "\\n", "\\\"",
        "'", "''", "\"", "\"\"", "\"'\"", "'\"'",
        " leading", "trailing ", " ", "  both  ", "%n", "%%", "100%", "; rm -rf /", "a;b", "a: b", "a:", ": a", "- a", "# a", "a # b",
        "[a]", "{a: b}", "*a", "&a", "!a", "@a", "|", ">",
        "~", "null", "true", "yes", "on", "y", "101", "12e5", "0x10", "0b1", "1_000", "1:30", "1.5", ".5", "-1", "+1", ".inf", ".nan",
        "2024-01-01", "=a", "<<", "%include x", "env=x",
        "a,b", "a=b", "root:x", "md5", "!include", "$$", "'; DROP TABLE x; --", "{{ x }}", "\\x41", "\\u0041",
        "it's \"quoted\" \\ and $more",
    ];

    private static readonly string[] Foreign =
    [
        "é", "Größe", "ñandú €5", "пароль", "Ελλάδα", "日本語", "한국어", "zażółć gęślą jaźń", "ä\"ö'ü\\$`",
    ];

    /// <summary>Text of printable ASCII.</summary>
    public static IReadOnlyList<string> Ascii { get; } =
    [
        .. EachCharacter().Concat(Known).Concat(Random()).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Text of one line.</summary>
    public static IReadOnlyList<string> Texts { get; } =
        [.. Ascii, .. Foreign, "🐘 elephant", "e\u0301", "\u00A0", "a\u00ADb", "ﬁ", "שלום", "مرحبا", "Ω\u2126", "\u200B"];

    /// <summary>Passwords that are accepted, and some outside ASCII, which are not, though the files would carry them.</summary>
    public static IReadOnlyList<string> Passwords { get; } =
        [.. Ascii.Where(static text => PostgresHa.Specification.Passwords.Check("key", text) is null), .. Foreign];

    private static IEnumerable<string> EachCharacter() =>
        Enumerable.Range(' ', '~' - ' ' + 1).Select(static code => (char)code)
            .SelectMany(static c => new[] { $"{c}b", $"a{c}b", $"a{c}", $"{c}{c}" });

    // The same ones in every run.
    private static IEnumerable<string> Random()
    {
        var random = new Random(Seed);
        return Enumerable.Range(0, 150)
            .Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(' ', '~' + 1))]));
    }
}
