using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>What reaches a terminal of text that somebody else wrote.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain, Ünïcode, 日本語 🙂", "plain, Ünïcode, 日本語 🙂")]
    [InlineData("\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m")]
    [InlineData("a\0b\u007f\u009b", "a\\x00b\\x7f\\x9b")]
    [InlineData("a\r\nb\tc", "a\\r\\nb\\tc")]
    [InlineData("\u202eevil\u200b\u2028", "\\u202eevil\\u200b\\u2028")]
    public void Nothing_that_a_terminal_obeys(string text, string expected) => Assert.Equal(expected, Printable.Line(text));

    [Fact]
    public void Half_of_a_surrogate_pair_does_no_harm() => Assert.Equal("a\uFFFD", Printable.Line("a\ud83d"));

    [Fact]
    public void An_error_is_one_line_whatever_it_quotes()
    {
        var error = new SpecificationError("postgres-ha:cluster.a\nb", "\u001b]0;title\a", "is unknown", "remove it").ToString();

        Assert.Equal("postgres-ha:cluster.a\\nb: \\x1b]0;title\\x07 is unknown; remove it.", error);
    }
}
