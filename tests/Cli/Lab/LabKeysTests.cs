using PostgresHa.Cli;

namespace PostgresHa.Tests.Cli.Lab;

public sealed class LabKeysTests
{
    [Theory]
    [InlineData("/srv/project/.lab/ssh/id_ed25519", "run ./pgha lab up, which makes it")]
    [InlineData("/srv/project/.lab/ssh/known_hosts", "run ./pgha lab up, which makes it")]
    [InlineData("/srv/project/.laboratory/known_hosts", null)]
    [InlineData("/srv/project/keys/known_hosts", null)]
    public void The_lab_makes_what_lies_in_its_own_folder(string path, string? remedy) =>
        Assert.Equal(remedy, LabKeys.Maker(path, "/srv/project"));
}
