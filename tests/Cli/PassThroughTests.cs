using PostgresHa.Cli;

namespace PostgresHa.Tests.Cli;

public sealed class PassThroughTests
{
    [Theory]
    [InlineData("lab ssh mdw systemctl --failed", "lab ssh mdw -- systemctl --failed")]
    [InlineData("lab ssh --project /p mdw uname -a", "lab ssh --project /p mdw -- uname -a")]
    [InlineData("--project /p lab -s dev ssh mdw uname", "--project /p lab -s dev ssh mdw -- uname")]
    [InlineData("lab exec -- ip -br addr", "lab exec -- ip -br addr")]
    [InlineData("lab exec ip -br addr", "lab exec -- ip -br addr")]
    [InlineData("lab ssh mdw -- uname -a", "lab ssh mdw -- uname -a")]
    [InlineData("lab ssh mdw", "lab ssh mdw")]
    [InlineData("lab ssh --help", "lab ssh --help")]
    [InlineData("lab exec", "lab exec")]
    [InlineData("lab up --engine offline", "lab up --engine offline")]
    [InlineData("status --stack lab", "status --stack lab")]
    public void Words_of_another_program_are_marked(string typed, string prepared) =>
        Assert.Equal(prepared, string.Join(' ', PassThrough.Prepare(typed.Split(' '))));
}
