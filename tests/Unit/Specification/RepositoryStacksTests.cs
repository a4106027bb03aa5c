using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The stacks that come with the project are valid.</summary>
public sealed class RepositoryStacksTests
{
    [Fact]
    public void Production_is_valid() => Assert.Empty(Read("production", Repository.Root).Errors);

    [Fact]
    public void Dev_is_valid_once_the_lab_is_up()
    {
        using var project = new TemporaryProject().WithLab("10.0.12.9", "10.0.12.4", "10.0.16.11");

        var result = Read("dev", project.Folder);

        Assert.Empty(result.Errors);
        Assert.Equal(["mdw", "standby", "standby1"], result.Specification!.Hosts.Select(host => host.Name));
        Assert.Equal(Path.Join(project.Folder, ".lab/ssh/id_ed25519"), result.Specification.Ssh.PrivateKeyFile);
        Assert.Equal("pgha-lab", result.Specification.Ssh.NetworkNamespace);
    }

    [Fact]
    public void Dev_before_the_lab_says_what_makes_its_keys_and_nothing_else()
    {
        using var project = new TemporaryProject();
        var errors = Read(
            "dev",
            project.Folder,
            path => path.StartsWith(project.Folder + "/.lab/", StringComparison.Ordinal) ? "make it so" : null).Errors;

        Assert.Equal(["ssh.knownHostsFile", "ssh.privateKeyFile"], errors.Select(error => error.Path["postgres-ha:cluster.".Length..]));
        Assert.All(errors, error => Assert.Equal("make it so", error.Remedy));
    }

    [Fact]
    public void The_example_in_the_README_is_valid_but_for_its_known_hosts()
    {
        var readme = File.ReadAllText(Path.Join(Repository.Root, "README.md"));
        int begin = readme.IndexOf(
            "postgres-ha:cluster:", StringComparison.Ordinal), end = readme.IndexOf("```", begin, StringComparison.Ordinal);
        using var project = new TemporaryProject()
            .Write("Pulumi.yaml", "name: postgres-ha\n")
            .Write("Pulumi.readme.yaml", "config:\n     " + readme[begin..end]);
        var stack = StackFile.Load(project.Folder, "readme");

        Assert.All(
            SpecificationReader.Read(stack.Cluster, project.Folder).Errors,
            error => Assert.Matches("ssh.knownHostsFile|ssh.privateKeyFile|hostKey", error.Path));
    }

    private static SpecificationResult Read(string name, string projectDirectory, Func<string, string?>? maker = null)
    {
        var stack = StackFile.Load(Repository.Root, name);
        Assert.Equal("postgres-ha", stack.Project);
        return SpecificationReader.Read(stack.Cluster, projectDirectory, stack.HasPrivateKeySecret, maker: maker);
    }
}
