using PostgresHa.Specification;

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
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123", "longer than 72 characters")]
    [InlineData("no\u00A0break", "outside ASCII")]
    [InlineData("soft\u00ADhyphen", "outside ASCII")]
    [InlineData("\u2126", "outside ASCII")]
    [InlineData("ﬁ", "outside ASCII")]
    [InlineData("²", "outside ASCII")]
    [InlineData("e\u0301", "outside ASCII")]
    [InlineData("שלום", "outside ASCII")]
    [InlineData("a\u200Bb", "outside ASCII")]
    [InlineData("Größe", "outside ASCII")]
    [InlineData("🐘", "outside ASCII")]
    [InlineData("Å\u212B", "outside ASCII")]
    [InlineData("md5d8578edf8458ce06fbc5bb76a58c5ca4", "form of a stored password")]
    [InlineData("SCRAM-SHA-256$4096:x$y:z", "form of a stored password")]
    [InlineData("[\"a\", \"b\"]", "list or mapping")]
    [InlineData("{\"a\": \"b\"}", "list or mapping")]
    public void Is_refused_with_a_reason(string password, string problem)
    {
        var error = Passwords.Check(Key, password)!;

        Assert.Equal(Key, error.Path);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
        Assert.Null(error.Value);
        Assert.True(
            password.Length < 3 || !error.ToString().Contains(password, StringComparison.Ordinal), "the message shows the password");
    }

    [Fact]
    public void A_short_seed_is_refused()
    {
        var seed = SecretCatalogue.AuthoritySeed;

        Assert.Equal(48, seed.LeastLength);
        Assert.True(seed.GeneratedLength >= seed.LeastLength);
        Assert.Contains(
            "shorter than 48 characters", Passwords.Check(Key, new string('x', 47), seed.LeastLength)!.Problem, StringComparison.Ordinal);
        Assert.Null(Passwords.Check(Key, new string('x', 48), seed.LeastLength));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a\"b'c\\d$e`f#g%h;i=j k")]
    [InlineData(" leading and trailing ")]
    [InlineData("ends in =")]
    [InlineData("md5")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("[a, b]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012")]
    public void Is_accepted(string password) => Assert.Null(Passwords.Check(Key, password));
}
