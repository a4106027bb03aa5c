using PostgresHa.Cli;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>Which of a lab's hosts are virtual machines.</summary>
public sealed class VirtualMachineTests
{
    [Fact]
    public void All_hosts_are_containers_unless_asked_for_otherwise()
    {
        using var project = Project();
        Assert.Empty(Machines(project));
    }

    [Fact]
    public void A_host_that_is_asked_for_is_one_with_the_stacks_cores_and_memory()
    {
        using var project = Project();
        var host = Assert.Single(Lab(project, ["b"]).Definition.Hosts, static host => host.IsVirtualMachine);
        Assert.Equal(("b", 2, 3L << 30), (host.Name, host.Cores, host.Memory));
    }

    [Fact]
    public void What_was_made_is_known_to_every_later_command()
    {
        using var project = Project();
        File.WriteAllText(Directory.CreateDirectory(Path.Combine(project.Folder, ".lab")).FullName + "/virtual-machines", "a\nc\n");
        Assert.Equal(["a", "c"], Machines(project));
        Assert.Equal(["b"], Machines(project, ["b"]));
    }

    private static TemporaryProject Project()
    {
        var project = new TemporaryProject();
        project.Write("vm", """
            config:
              postgres-ha:cluster:
                name: vm
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

    private static IEnumerable<string> Machines(TemporaryProject project, string[]? asked = null) =>
        Lab(project, asked).Definition.Hosts.Where(static host => host.IsVirtualMachine).Select(static host => host.Name);

    private static LabContext Lab(TemporaryProject project, string[]? asked) =>
        LabContext.Of(StackContext.Load(PostgresHa.Cli.Project.Find(project.Folder), "vm", withoutLab: true), asked);
}
