using System.Text.Json;
using PostgresHa.Cli;

namespace PostgresHa.Tests.Cli.Lab;

public sealed class LabKeysTests
{
    private const string Lab = """
        "ssh": {"networkNamespace": "pgha-lab", "knownHostsFile": ".lab/ssh/known_hosts"},
        """;

    [Theory]
    [InlineData("/srv/project/.lab/ssh/id_ed25519", "run ./pgha lab up, which makes it")]
    [InlineData("/srv/project/.lab/ssh/known_hosts", "run ./pgha lab up, which makes it")]
    [InlineData("/srv/project/.laboratory/known_hosts", null)]
    [InlineData("/srv/project/keys/known_hosts", null)]
    public void The_lab_makes_what_lies_in_its_own_folder(string path, string? remedy) =>
        Assert.Equal(remedy, LabKeys.Maker(path, "/srv/project"));

    [Fact]
    public void Hosts_that_were_added_get_keys_of_their_own_until_the_lab_makes_them()
    {
        using var project = new TemporaryProject();
        Know(project, "10.0.0.2 ssh-ed25519 AAAA\n");
        var cluster = Read(Lab + """
            "hosts": [{"name": "a", "address": "10.0.0.2"}, {"name": "b", "address": "10.0.0.3"},
                {"name": "c", "address": "10.0.0.4"}, {"name": "d", "address": "10.0.0.5", "hostKey": "own"}]
            """);
        var hosts = Assert.NotNull(LabKeys.StandInForNew(cluster, project.Folder)).GetProperty("hosts");
        Assert.False(hosts[0].TryGetProperty("hostKey", out _));
        var made = hosts.EnumerateArray().Skip(1).Take(2).Select(static host => host.GetProperty("hostKey").GetString()!).ToList();
        Assert.All(made, static key => Assert.StartsWith("ssh-ed25519 AAAA", key, StringComparison.Ordinal));
        Assert.Equal(2, made.Distinct().Count());
        Assert.Equal("own", hosts[3].GetProperty("hostKey").GetString());
    }

    [Fact]
    public void Where_every_host_is_known_or_no_lab_makes_the_keys_none_is_made_up()
    {
        using var project = new TemporaryProject();
        var hosts = """
            "hosts": [{"name": "a", "address": "10.0.0.2"}]
            """;
        // The lab was never up: that is another case.
        Assert.Null(LabKeys.StandInForNew(Read(Lab + hosts), project.Folder));
        Know(project, "10.0.0.2 ssh-ed25519 AAAA\n");
        Assert.Null(LabKeys.StandInForNew(Read(Lab + hosts), project.Folder));
        Know(project, "");
        Assert.NotNull(LabKeys.StandInForNew(Read(Lab + hosts), project.Folder));
        Assert.Null(LabKeys.StandInForNew(Read(hosts), project.Folder));
        Assert.Null(LabKeys.StandInForNew(
            Read("\"ssh\": {\"networkNamespace\": \"pgha-lab\", \"knownHostsFile\": \"keys\"}," + hosts), project.Folder));
    }

    private static void Know(TemporaryProject project, string text)
    {
        Directory.CreateDirectory(Path.Combine(project.Folder, ".lab", "ssh"));
        File.WriteAllText(Path.Combine(project.Folder, ".lab", "ssh", "known_hosts"), text);
    }

    private static JsonElement Read(string members) => JsonDocument.Parse("{" + members + "}").RootElement;
}
