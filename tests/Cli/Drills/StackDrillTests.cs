using System.Text.Json.Nodes;
using PostgresHa.Cli;
using PostgresHa.Cli.Drills;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Cli.Drills;

/// <summary>Drills that change the stack: what they hand to <c>up</c>, and that nobody's file is touched for it.</summary>
public sealed class StackDrillTests
{
    private const string Stack = """
        encryptionsalt: v1:abc
        config:
          postgres-ha:cluster:
            name: lab
            ssh: { agent: true }
            hostDefaults: { system: debian, cores: 2, memory: 2GB, interface: eth0 }
            hosts:
              - { name: a, address: 10.0.0.2, hostKey: &key "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIPXKupkBNbnkwzDxNPQUv86nG8sPLkjMxd7VZLNO12s" }
              - { name: b, address: 10.0.0.3, hostKey: *key }
              - { name: c, address: 10.0.0.4, priority: 90, hostKey: *key }
            vip: { address: 10.0.0.10, prefix: 24 }
            haproxy: { maxConnections: 2000 }
            etcd: { method: package }
          postgres-ha:applicationPassword: { secure: "v1:secret" }

        """;

    [Fact]
    public void The_changed_project_has_all_but_the_stack_file_of_the_real_one_and_the_real_one_stays()
    {
        using var project = new TemporaryProject();
        var context = Load(project);
        File.WriteAllText(Path.Combine(project.Folder, "keys"), "mine");
        var runtime = Directory.CreateDirectory(Path.Combine(project.Folder, ".lab")).FullName;
        File.WriteAllText(Path.Combine(runtime, "state"), "real");

        // The second time as the first: an interrupted drill has left its own.
        _ = ChangedProject.Write(context, runtime, static cluster => ChangedProject.Set(cluster, "name", "other"));
        var folder = ChangedProject.Write(context, runtime, static cluster => ChangedProject.Set(cluster, "haproxy.maxConnections", 3000));
        Assert.Equal(Stack, File.ReadAllText(context.File.Path));
        Assert.Equal("real", File.ReadAllText(Path.Combine(runtime, "state")));
        Assert.Equal("real", File.ReadAllText(Path.Combine(folder, ".lab", "state")));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "keys")));

        var changed = StackContext.Load(Project.Find(folder), "dev", withoutLab: false);
        Assert.Equal(("lab", 3000), (changed.Specification.Name, changed.Specification.HAProxy.MaxConnections));
        Assert.Equal(context.File.EncryptionSalt, changed.File.EncryptionSalt);
        Assert.Equal("v1:secret", changed.File.Config["postgres-ha:applicationPassword"].Secure);
        Assert.Equal(2000, context.Specification.HAProxy.MaxConnections);
    }

    [Fact]
    public void Every_bad_change_changes_something_and_is_known_by_a_name_of_its_own()
    {
        using var project = new TemporaryProject();
        var context = Load(project);
        Assert.Equal(BadChanges.All.Count, BadChanges.All.Select(static change => change.Name).Distinct().Count());
        Assert.All(BadChanges.All, change =>
        {
            var cluster = Cluster(context);
            change.Make(cluster, context.Specification);
            Assert.False(JsonNode.DeepEquals(Cluster(context), cluster), change.Name);
            // Twice the same: values are not shared between two of them.
            var again = Cluster(context);
            change.Make(again, context.Specification);
            Assert.True(JsonNode.DeepEquals(again, cluster), change.Name);
        });
    }

    [Theory]
    [InlineData("rotate-passwords", "passwords", """{"rotate":1}""")]
    [InlineData("rotate-certificates", "tls", """{"names":["drill.invalid"]}""")]
    public void What_is_made_anew_is_told_to_up_by_a_stack_file_of_the_drills_own(string name, string section, string expected)
    {
        using var project = new TemporaryProject();
        var context = Load(project);
        var cluster = Cluster(context);

        Assert.IsType<RotationDrill>(Assert.Single(DrillCatalogue.Find(name))).Make(cluster, context.Specification);

        Assert.Equal(expected, cluster[section]!.ToJsonString());
    }

    [Fact]
    public void Bad_changes_are_picked_by_name_and_for_their_drill_only()
    {
        var drill = Assert.Single(DrillCatalogue.Find("bad-change", ["name", "timezone"]));
        Assert.Equal("bad-change", drill.Name);
        Assert.Equal(["name", "timezone"], BadChanges.Find(["name", "timezone"]).Select(static change => change.Name));
        Assert.StartsWith(
            "--change tiemzone: there is no such bad change; there are name, ",
            Assert.Throws<CommandException>(static () => DrillCatalogue.Find("bad-change", ["tiemzone"])).Message,
            StringComparison.Ordinal);
        Assert.Equal(
            "--change is for the drill bad-change; switchover changes nothing.",
            Assert.Throws<CommandException>(static () => DrillCatalogue.Find("switchover", ["name"])).Message);
    }

    [Fact]
    public void Hosts_that_are_added_are_like_the_last_one_at_addresses_that_nobody_has()
    {
        using var project = new TemporaryProject();
        var context = Load(project);
        var more = MoreHosts.Of(context.Specification, 7);
        // 10.0.0.1 is the lab's own, 2 to 4 the hosts', 10 the virtual one.
        Assert.Equal(
            ["10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8", "10.0.0.9", "10.0.0.11", "10.0.0.12"],
            more.Select(static host => host.Address));
        var cluster = Cluster(context);
        MoreHosts.AddTo(cluster, [.. more.Take(2)]);
        Assert.Equal(5, cluster["hosts"]!.AsArray().Count);
        Assert.Equal(
            """{"name":"drill2","address":"10.0.0.6","priority":90}""", cluster["hosts"]![4]!.ToJsonString());
    }

    [Theory]
    [InlineData(0, "…\nStack dev: 133 unchanged in 0.9 s\n", true)]
    [InlineData(0, "…\nStack dev: 1 updated, 132 unchanged in 3.9 s\n", false)]
    [InlineData(1, "…\nStack dev: 133 unchanged in 0.9 s\n", false)]
    [InlineData(0, "", false)]
    public void An_up_that_had_nothing_to_do_is_told_from_one_that_had(int code, string text, bool nothing) =>
        Assert.Equal(nothing, new StackRun(code, text, TimeSpan.FromSeconds(1)).ChangedNothing);

    [Fact]
    public void What_ended_says_how()
    {
        Assert.Equal("ended with 1 after 3 s: b / c / d / e", new StackRun(1, "a\nb\nc\n\nd\ne\n", TimeSpan.FromSeconds(3)).End);
        Assert.Equal(
            "ended with 1 after 3 s: etcd-verify-db1 failed after 2.0 s: / error: no quorum / x / y",
            new StackRun(1, "a\netcd-verify-db1 failed after 2.0 s:\n    error: no quorum\nx\ny\nz\n", TimeSpan.FromSeconds(3)).End);
        const string Heading = "pgha: Pulumi.dev.yaml has 1 error; nothing was touched:";
        Assert.Equal(
            $"{Heading} name: cannot change",
            new StackRun(1, $"x\n{Heading}\n  name: cannot change\nwarning: old\n", TimeSpan.Zero).Reason);
        Assert.Equal("error: b", new StackRun(1, "a\nwarning: an error ahead\nerror: b\nc\n", TimeSpan.Zero).Reason);
        Assert.Equal("did not end after 900 s: ", new StackRun(null, "", TimeSpan.FromMinutes(15)).End);
    }

    private static JsonObject Cluster(StackContext context) => JsonObject.Create(context.File.Cluster)!.DeepClone().AsObject();

    private static StackContext Load(TemporaryProject project)
    {
        project.Write("dev", Stack);
        var context = StackContext.Load(Project.Find(project.Folder), "dev", withoutLab: false);
        _ = context.Specification;
        return context;
    }
}
