using System.Text.Json;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Host keys from a known_hosts file.</summary>
public sealed class KnownHostsTests
{
    private const string Other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP//////////////////////////////////////////";

    [Fact]
    public void Keys_come_from_the_file_unless_a_host_has_its_own()
    {
        using TemporaryProject project = new TemporaryProject().Write("known_hosts", $"""
            # a comment
            10.0.12.9 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ
            10.0.12.9,db1 {TemporaryProject.HostKey} root@db1
            @revoked 10.0.12.4 {TemporaryProject.HostKey}
            |1|abc=|def= {TemporaryProject.HostKey}
            10.0.16.11 {TemporaryProject.HostKey}
            """);
        JsonElement cluster = Yaml.With(
            ("ssh.knownHostsFile", "known_hosts"), ("hosts[0].hostKey", null), ("hosts[1].hostKey", TemporaryProject.HostKey + " comment"), ("hosts[2].hostKey", null));

        SpecificationResult result = SpecificationReader.Read(cluster, project.Folder);

        Assert.Empty(result.Errors);
        Assert.All(result.Specification!.Hosts, host => Assert.Equal(TemporaryProject.HostKey, host.HostKey));
        Assert.Equal(Path.Join(project.Folder, "known_hosts"), result.Specification.Ssh.KnownHostsFile);
    }

    [Fact]
    public void Another_port_has_a_key_of_its_own()
    {
        using TemporaryProject project = new TemporaryProject().Write("known_hosts", $"10.0.12.9 {Other}\n[10.0.12.9]:2222 {TemporaryProject.HostKey}\n");
        JsonElement cluster = Yaml.With(("ssh.knownHostsFile", "known_hosts"), ("ssh.port", 2222), ("hosts[0].hostKey", null));

        SpecificationResult result = SpecificationReader.Read(cluster, project.Folder);

        Assert.Empty(result.Errors);
        Assert.Equal(TemporaryProject.HostKey, result.Specification!.Hosts[0].HostKey);
    }

    [Fact]
    public void A_host_that_is_not_in_the_file_is_named()
    {
        using TemporaryProject project = new TemporaryProject().Write("known_hosts", $"10.0.12.9 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ\n");
        JsonElement cluster = Yaml.With(("ssh.knownHostsFile", "known_hosts"), ("hosts[0].hostKey", null));

        SpecificationError error = Assert.Single(SpecificationReader.Read(cluster, project.Folder).Errors);

        Assert.Equal("postgres-ha:cluster.hosts[0].hostKey", error.Path);
        Assert.Contains("known_hosts has no ssh-ed25519 key of 10.0.12.9", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bastion_s_key_comes_from_the_file_too()
    {
        using TemporaryProject project = new TemporaryProject().Write("known_hosts", $"jump.example.org {Other}\n");
        JsonElement cluster = Yaml.With(("ssh.knownHostsFile", "known_hosts"), ("ssh.user", "deploy"), ("ssh.bastion", Yaml.Parse("{ address: jump.example.org }")));

        SpecificationResult result = SpecificationReader.Read(cluster, project.Folder);

        Assert.Empty(result.Errors);
        Assert.Equal(("jump.example.org", 22, "deploy", Other), result.Specification!.Ssh.Bastion is { } bastion ? (bastion.Address, bastion.Port, bastion.User, bastion.HostKey) : default);
    }
}
