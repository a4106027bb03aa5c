using System.Text;
using System.Text.Json;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The one rule for every password.</summary>
public sealed class PasswordTests
{
    private const string Key = "postgres-ha:superuserPassword";

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("two\nlines", "several lines")]
    [InlineData("ends\n", "several lines")]
    [InlineData("carriage\rreturn", "several lines")]
    [InlineData("tab\there", "control character")]
    [InlineData("nul\0", "control character")]
    [InlineData("next\u0085line", "several lines")]
    [InlineData("separated\u2028line", "several lines")]
    [InlineData("    ", "nothing but blanks")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123", "longer than 72 bytes")]
    [InlineData("äääääääääääääääääääääääääääääääääääää", "longer than 72 bytes")]
    [InlineData("no\u00A0break", "place 3")]
    [InlineData("soft\u00ADhyphen", "place 5")]
    [InlineData("\u2126", "place 1")]
    [InlineData("ﬁ", "place 1")]
    [InlineData("²", "place 1")]
    [InlineData("e\u0301", "place 2")]
    [InlineData("שלום", "place 1")]
    [InlineData("a\u200Bb", "place 2")]
    [InlineData("🐘", "place 1")]
    [InlineData("Å\u212B", "place 2")]
    [InlineData("md5d8578edf8458ce06fbc5bb76a58c5ca4", "form of a stored password")]
    [InlineData("SCRAM-SHA-256$4096:x$y:z", "form of a stored password")]
    [InlineData("[\"a\", \"b\"]", "list or mapping")]
    [InlineData("{\"a\": \"b\"}", "list or mapping")]
    public void Is_refused_with_a_reason(string password, string problem)
    {
        SpecificationError error = Passwords.Check(Key, password)!;

        Assert.Equal(Key, error.Path);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
        Assert.Null(error.Value);
        Assert.True(password.Length < 3 || !error.ToString().Contains(password, StringComparison.Ordinal), "the message shows the password");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a\"b'c\\d$e`f#g%h;i=j k")]
    [InlineData(" leading and trailing ")]
    [InlineData("ends in =")]
    [InlineData("Größe €5, пароль, 日本語")]
    [InlineData("md5")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("[a, b]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012")]
    public void Is_accepted(string password) => Assert.Null(Passwords.Check(Key, password));

    [ProgramFact("python3")]
    public void What_is_accepted_outside_ASCII_SASLprep_leaves_as_it_is()
    {
        char[] accepted = [.. Enumerable.Range(0x80, 0x10000 - 0x80).Select(static code => (char)code).Where(static c => Passwords.Check(Key, c.ToString()) is null)];
        // Next to each other as well: composing looks at what stands before.
        var random = new Random(4013);
        string[] texts = [.. accepted.Select(static c => c.ToString()), .. Enumerable.Range(0, 20_000).Select(_ => new string([.. Enumerable.Range(0, 8).Select(_ => accepted[random.Next(accepted.Length)])]))];
        const string Program = """
            import json, stringprep as s, sys, unicodedata
            old = unicodedata.ucd_3_2_0
            tables = (s.in_table_a1, s.in_table_c12, s.in_table_c21_c22, s.in_table_c3, s.in_table_c4, s.in_table_c5, s.in_table_c6, s.in_table_c7, s.in_table_c8, s.in_table_c9, s.in_table_d1)
            def stable(text):
                return all(n.normalize("NFKC", text) == text for n in (old, unicodedata)) and not any(s.in_table_b1(c) or any(t(c) for t in tables) for c in text)
            print(json.dumps([text for text in json.load(sys.stdin) if not stable(text)]))
            """;

        byte[] unstable = Programs.Answer(Programs.Path("python3"), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(texts)), "-c", Program);

        Assert.True(accepted.Length > 1000);
        Assert.Equal("[]", Encoding.UTF8.GetString(unstable).Trim());
    }
}
