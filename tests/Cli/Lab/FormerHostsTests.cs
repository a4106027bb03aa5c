using PostgresHa.Lab;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>Hosts that a lab's stack does not name any more, and the names of what hosts have.</summary>
public sealed class FormerHostsTests
{
    [Fact]
    public void Who_is_there_and_not_named_is_known_as_it_was_made()
    {
        using var project = new TemporaryProject();
        Made(project, "a", "admin@10.0.0.2/24 on eth0");
        Made(project, "b", "admin@10.0.0.3/24 on ens3");
        Made(project, "c", "admin@10.0.0.4/24 on eth0, bookworm, strict, a virtual machine");
        Made(project, "d", "admin@10.0.0.5/24 on eth0, strict");
        Made(project, "half", null);
        var lab = Definition(project, new LabHost("a", "10.0.0.2"));
        Assert.Equal(
            [
                new LabHost("b", "10.0.0.3", "ens3"),
                new LabHost("c", "10.0.0.4") { Release = "bookworm", IsVirtualMachine = true },
                new LabHost("d", "10.0.0.5"),
                new LabHost("half", ""),
            ],
            FormerHosts.Of(lab, new LabPaths(lab)));
    }

    [Fact]
    public void A_lab_without_hosts_has_none_that_are_not_named()
    {
        using var project = new TemporaryProject();
        var lab = Definition(project, new LabHost("a", "10.0.0.2"));
        Assert.Empty(FormerHosts.Of(lab, new LabPaths(lab)));
    }

    [Fact]
    public void An_address_that_one_of_them_has_is_not_given_to_another()
    {
        using var project = new TemporaryProject();
        Made(project, "old", "admin@10.0.0.3/24 on eth0");
        var free = Definition(project, new LabHost("a", "10.0.0.2"));
        FormerHosts.RequireFree(free, new LabPaths(free));
        var taken = Definition(project, new LabHost("a", "10.0.0.2"), new LabHost("new", "10.0.0.3"));
        var error = Assert.Throws<LabException>(() => FormerHosts.RequireFree(taken, new LabPaths(taken)));
        Assert.Equal(
            "10.0.0.3 of new is the address of old, which the stack file does not name any more and which is still there. Remove that "
            + "host first: ./pgha lab remove old",
            error.Message);
    }

    [Fact]
    public void A_link_keeps_its_name_whichever_hosts_come_and_go()
    {
        Assert.Equal("host0a000c09", LabNetwork.Link(new LabHost("mdw", "10.0.12.9")));
        // What the kernel allows.
        Assert.True(LabNetwork.Link(new LabHost("a", "255.255.255.254")).Length <= 15);
    }

    [Fact]
    public void A_folder_that_links_to_a_lab_has_that_lab()
    {
        using var project = new TemporaryProject();
        using var other = new TemporaryProject();
        Directory.CreateDirectory(Path.Combine(project.Folder, ".lab"));
        File.CreateSymbolicLink(Path.Combine(other.Folder, ".lab"), Path.Combine(project.Folder, ".lab"));
        var host = new LabHost("a", "10.0.0.2");
        Assert.Equal(Path.Combine(project.Folder, ".lab"), new LabPaths(Definition(other, host)).Runtime);
        Assert.Equal(new LabPaths(Definition(project, host)).Root(host), new LabPaths(Definition(other, host)).Root(host));
    }

    private static LabDefinition Definition(TemporaryProject project, params LabHost[] hosts) =>
        new() { ProjectDirectory = project.Folder, Hosts = hosts, Prefix = 24 };

    private static void Made(TemporaryProject project, string name, string? identity)
    {
        var folder = Directory.CreateDirectory(Path.Combine(project.Folder, ".lab", "hosts", name)).FullName;
        if (identity is not null)
        {
            File.WriteAllText(Path.Combine(folder, "ready"), $"/cache/base\n{identity}\n");
        }
    }
}
