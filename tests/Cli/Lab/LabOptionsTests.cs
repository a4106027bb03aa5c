using System.Text.Json;
using PostgresHa.Cli;
using PostgresHa.Lab;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>What <c>lab up</c> is asked for beyond the stack, and what is known of it afterwards.</summary>
public sealed class LabOptionsTests
{
    [Fact]
    public void Hosts_are_of_the_default_release_and_not_strict_unless_asked_for_otherwise()
    {
        using var project = Project();
        Assert.Equal(["trixie", "trixie", "trixie"], Releases(project));
        Assert.Equal(["trixie"], Lab(project).Releases);
        Assert.False(Lab(project).IsStrict);
    }

    [Theory]
    [InlineData("bookworm", "bookworm bookworm bookworm")]
    [InlineData("b=bookworm", "trixie bookworm trixie")]
    [InlineData("bookworm b=trixie", "bookworm trixie bookworm")]
    [InlineData("b=trixie bookworm", "bookworm trixie bookworm")]
    [InlineData("bookworm bookworm c=trixie c=trixie", "bookworm bookworm trixie")]
    public void A_release_is_asked_for_all_hosts_or_for_one(string asked, string releases)
    {
        using var project = Project();
        Assert.Equal(releases.Split(' '), Releases(project, asked));
    }

    [Theory]
    [InlineData("d=bookworm", "--release: stack lab has no host d; it has a, b, c.")]
    [InlineData(
        "bookworm trixie", "--release: all hosts cannot be bookworm and trixie. Name the host that differs: --release HOST=RELEASE.")]
    [InlineData("a=bookworm a=trixie", "--release: a cannot be bookworm and trixie.")]
    [InlineData("12", "--release 12: write RELEASE for all hosts or HOST=RELEASE for one")]
    [InlineData("a=", "--release a=: write RELEASE for all hosts or HOST=RELEASE for one")]
    [InlineData("=bookworm", "--release =bookworm: write RELEASE for all hosts or HOST=RELEASE for one")]
    [InlineData("a=b=c", "--release a=b=c: write RELEASE for all hosts or HOST=RELEASE for one")]
    [InlineData("../etc", "--release ../etc: write RELEASE for all hosts or HOST=RELEASE for one")]
    [InlineData("Bookworm", "--release Bookworm: write RELEASE for all hosts or HOST=RELEASE for one")]
    public void What_cannot_be_is_refused_with_what_to_write(string asked, string message)
    {
        using var project = Project();
        Assert.StartsWith(message, Assert.Throws<CommandException>(() => Releases(project, asked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_virtual_machine_that_is_no_host_is_refused()
    {
        using var project = Project();
        var error = Assert.Throws<CommandException>(() => Lab(project, new LabOptions { VirtualMachines = ["d"] }));
        Assert.Equal("--vm: stack lab has no host d; it has a, b, c.", error.Message);
    }

    [Fact]
    public void What_was_made_is_known_to_every_later_command()
    {
        using var project = Project();
        var made = Lab(project, new LabOptions { Releases = ["b=bookworm"], Strict = true, VirtualMachines = ["c"] });
        Remember(project, LabChoices.Of(made));

        Assert.Equal(["trixie", "bookworm", "trixie"], Releases(project));
        Assert.True(Lab(project).IsStrict);
        Assert.Equal(made.Hosts, Lab(project).Hosts);
        // What is asked for in words holds; that the hosts are others already is refused where they are known.
        Assert.Equal(["bookworm", "bookworm", "bookworm"], Releases(project, "bookworm"));
    }

    [Fact]
    public void A_definition_with_a_release_that_cannot_be_one_is_wrong()
    {
        using var project = Project();
        var lab = Lab(project);
        Assert.Empty(lab.Validate());
        var wrong = lab with { Hosts = [lab.Hosts[0] with { Release = "13" }, .. lab.Hosts.Skip(1)] };
        Assert.Equal(["hosts: release '13' of a is not a release's name, such as trixie"], wrong.Validate());
    }

    internal static TemporaryProject Project()
    {
        var project = new TemporaryProject();
        project.Write("lab", """
            config:
              postgres-ha:cluster:
                name: lab
                ssh: { privateKeyFile: .lab/ssh/id_ed25519, knownHostsFile: .lab/ssh/known_hosts, networkNamespace: some-lab }
                hostDefaults: { system: debian, memory: 3GB, interface: eth0 }
                hosts:
                  - { name: a, address: 192.0.2.11 }
                  - { name: b, address: 192.0.2.12 }
                  - { name: c, address: 192.0.2.13 }
                vip: { address: 192.0.2.10, prefix: 24 }
            """);
        return project;
    }

    internal static LabDefinition Lab(TemporaryProject project, LabOptions? asked = null) =>
        LabContext.Of(StackContext.Load(PostgresHa.Cli.Project.Find(project.Folder), "lab", withoutLab: true), asked).Definition;

    internal static void Remember(TemporaryProject project, LabChoices choices) => File.WriteAllText(
        Directory.CreateDirectory(Path.Combine(project.Folder, ".lab")).FullName + "/choices.json",
        JsonSerializer.Serialize(choices, RepositorySettings.Json));

    private static IEnumerable<string> Releases(TemporaryProject project, string? asked = null) =>
        Lab(project, new LabOptions { Releases = asked?.Split(' ') ?? [] }).Hosts.Select(static host => host.Release);
}
