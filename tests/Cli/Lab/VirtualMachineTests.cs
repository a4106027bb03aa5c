using PostgresHa.Cli;
using PostgresHa.Lab;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>Which of a lab's hosts are virtual machines.</summary>
public sealed class VirtualMachineTests
{
    [Fact]
    public void All_hosts_are_containers_unless_asked_for_otherwise()
    {
        using var project = LabOptionsTests.Project();
        Assert.Empty(Machines(project));
    }

    [Fact]
    public void A_host_that_is_asked_for_is_one_with_the_stacks_cores_and_memory()
    {
        using var project = LabOptionsTests.Project();
        var host = Assert.Single(
            LabOptionsTests.Lab(project, new LabOptions { VirtualMachines = ["b"] }).Hosts, static host => host.IsVirtualMachine);
        Assert.Equal(("b", 2, 3L << 30), (host.Name, host.Cores, host.Memory));
    }

    [Fact]
    public void What_was_made_is_known_to_every_later_command()
    {
        using var project = LabOptionsTests.Project();
        LabOptionsTests.Remember(project, new LabChoices { VirtualMachines = ["a", "c"] });
        Assert.Equal(["a", "c"], Machines(project));
        Assert.Equal(["b"], Machines(project, ["b"]));
    }

    private static IEnumerable<string> Machines(TemporaryProject project, string[]? asked = null) =>
        LabOptionsTests.Lab(project, new LabOptions { VirtualMachines = asked ?? [] }).Hosts.Where(static host => host.IsVirtualMachine)
            .Select(static host => host.Name);
}
