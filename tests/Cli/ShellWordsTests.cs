using PostgresHa.Cli.Rendering;
using PostgresHa.Components.Quoting;

namespace PostgresHa.Tests.Cli;

public sealed class ShellWordsTests
{
    [Fact]
    public void What_the_components_quote_is_read_back()
    {
        string[] words = ["sudo", "-n", "--", "/tool", "", "a b", "it's", "--validator", "haproxy -c -f {}", "x\ny", "$HOME", "\\", "no!", "!"];
        Assert.Equal(words, ShellWords.Split(Shell.Join(words)));
    }
}
