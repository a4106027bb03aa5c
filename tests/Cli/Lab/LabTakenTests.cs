using PostgresHa.Cli;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>The versions that the lab took in place of the stack's.</summary>
public sealed class LabTakenTests : IDisposable
{
    private const string Sum = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

    private readonly TemporaryProject _project = new();

    [Fact]
    public void Hold_for_the_labs_stack()
    {
        Write("networkNamespace: some-lab, ");
        var cluster = Load().Specification;
        Assert.Equal(
            ("17.10", Sum, "http://192.0.2.1/etcd-3.5.16.tar.gz"),
            (cluster.Postgres.Version, cluster.Postgres.Sha256, cluster.Mirrors.Etcd));
        Assert.Equal(("3.5.16", "4.1.2"), (cluster.Etcd.Version, cluster.Patroni.Version));
    }

    [Fact]
    public void But_not_for_what_the_lab_itself_is_asked_for()
    {
        Write("networkNamespace: some-lab, ");
        Assert.Equal("17.9", Load(asAsked: true).Specification.Postgres.Version);
    }

    [Fact]
    public void Nor_for_a_stack_of_real_hosts_beside_it()
    {
        Write("");
        Assert.Equal("17.9", Load().Specification.Postgres.Version);
    }

    [Fact]
    public void Nor_once_the_stack_asks_for_something_else()
    {
        Write("networkNamespace: some-lab, ", postgres: "17.8");
        Assert.Equal("17.8", Load().Specification.Postgres.Version);
    }

    public void Dispose() => _project.Dispose();

    private StackContext Load(bool asAsked = false) =>
        StackContext.Load(PostgresHa.Cli.Project.Find(_project.Folder), "some", withoutLab: true, asAsked);

    private void Write(string lab, string postgres = "17.9")
    {
        File.WriteAllText(
            Directory.CreateDirectory(Path.Combine(_project.Folder, ".lab")).FullName + "/versions.json",
            $$"""
            {
              "postgres": { "asked": "17.9", "version": "17.10", "sha256": "{{Sum}}", "patchesSha256": "{{Sum}}" },
              "etcd": { "asked": "3.5.30", "version": "3.5.16", "sha256": "{{Sum}}", "patchesSha256": "{{Sum}}" },
              "patroni": { "asked": "4.1.5", "version": "4.1.2", "sha256": null }
            }
            """);
        var hosts = string.Concat(Enumerable.Range(1, 3).Select(static number =>
            $"      - {{ name: h{number}, address: 192.0.2.1{number}, hostKey: ssh-ed25519 "
            + "AAAAC3NzaC1lZDI1NTE5AAAAIIPXKupkBNbnkwzDxNPQUv86nG8sPLkjMxd7VZLNO12s }\n"));
        _project.Write("some", $$"""
            config:
              postgres-ha:cluster:
                name: some
                ssh: { {{lab}}agent: true }
                hostDefaults: { system: debian, interface: eth0 }
                hosts:
            {{hosts.TrimEnd()}}
                vip: { address: 192.0.2.10, prefix: 24 }
                postgres: { version: "{{postgres}}" }
                etcd: { version: 3.5.30, goLibraries: distribution }
                patroni: { version: 4.1.5 }
                mirrors: { etcd: "http://192.0.2.1/etcd-{version}.tar.gz" }
            """);
    }
}
