using System.Text.Json;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Stack files, and what is said about broken ones.</summary>
public sealed class StackFileTests
{
    private const string Project = "name: postgres-ha\nruntime: dotnet\n";

    [Fact]
    public void Values_are_read_as_Pulumi_reads_them()
    {
        using TemporaryProject project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", """
            encryptionsalt: v1:abc
            config:
              postgres-ha:flag: true
              postgres-ha:count: 5
              postgres-ha:text: "5"
              postgres-ha:sshPrivateKey:
                secure: v1:ciphertext
              postgres-ha:config:old: value
              postgres-ha:cluster:
                integer: 12
                quoted: "12"
                hexadecimal: 0x10
                octal: 010
                grouped: 1_000
                decimal: 17.10
                yes: yes
                truth: True
                nothing: ~
                empty:
                version: 3.5.12
                address: 10.0.12.9
                block: |
                  two
                  lines
                list: [1, a, { b: 2 }]
            """);

        StackFile stack = StackFile.Load(project.Folder, "test");

        Assert.Equal(("postgres-ha", "test", "v1:abc"), (stack.Project, stack.Stack, stack.EncryptionSalt));
        Assert.Equal("true", stack.Config["postgres-ha:flag"].Text);
        Assert.Equal("5", stack.Config["postgres-ha:count"].Text);
        Assert.Equal("5", stack.Config["postgres-ha:text"].Text);
        Assert.Equal("value", stack.Config["postgres-ha:old"].Text);
        Assert.Equal("v1:ciphertext", stack.Config["postgres-ha:sshPrivateKey"].Secure);
        Assert.True(stack.HasPrivateKeySecret);
        Assert.Equal(
            """{"integer":12,"quoted":"12","hexadecimal":16,"octal":8,"grouped":1000,"decimal":17.1,"yes":"yes","truth":true,"nothing":null,"empty":null,"version":"3.5.12","address":"10.0.12.9","block":"two\nlines\n","list":[1,"a",{"b":2}]}""",
            stack.Cluster.GetRawText());
    }

    [Fact]
    public void A_stack_without_configuration_has_none()
    {
        using TemporaryProject project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", "");

        StackFile stack = StackFile.Load(project.Folder, "test");

        Assert.Empty(stack.Config);
        Assert.Equal(JsonValueKind.Undefined, stack.Cluster.ValueKind);
        Assert.False(stack.HasPrivateKeySecret);
        Assert.Null(stack.EncryptionSalt);
    }

    [Fact]
    public void A_missing_stack_lists_those_there_are()
    {
        using TemporaryProject project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.production.yaml", "").Write("Pulumi.dev.yaml", "");

        string message = Failure(project, "staging");

        Assert.Equal($"There is no stack \"staging\" ({project.Folder}/Pulumi.staging.yaml does not exist); stacks are: dev, production.", message);
    }

    [Fact]
    public void A_missing_stack_where_there_is_none_says_so()
    {
        using TemporaryProject project = new TemporaryProject().Write("Pulumi.yaml", Project);

        Assert.EndsWith("there is none yet.", Failure(project, "dev"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_project_is_named()
    {
        using TemporaryProject project = new();

        Assert.Equal($"{project.Folder}/Pulumi.yaml does not exist; run this in the project's folder.", Failure(project, "dev"));
    }

    [Theory]
    [InlineData("config:\n  a:b: [1, 2\n", ":3:1: ")]
    [InlineData("config:\n\ta:b: 1\n", ":2:1: is indented with a tab; indent with spaces.")]
    [InlineData("config:\n  a:b: 1\n  a:b: 2\n", ":3:3: ")]
    [InlineData("config:\n  cluster: 1\n", ":2:3: \"cluster\" is no configuration key; write postgres-ha:cluster.")]
    [InlineData("config:\n  - a\n", ":2:3: config is no mapping")]
    [InlineData("- a\n", ":1:1: is no mapping")]
    [InlineData("config:\n  a:b: &x [*x]\n", ":2:")]
    public void Broken_YAML_is_reported_with_file_and_line(string yaml, string expected)
    {
        using TemporaryProject project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", yaml);

        string message = Failure(project, "test");

        Assert.StartsWith(project.Folder + "/Pulumi.test.yaml" + expected, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain("(Line:", message, StringComparison.Ordinal);
    }

    private static string Failure(TemporaryProject project, string stack) =>
        Assert.Throws<StackFileException>(() => StackFile.Load(project.Folder, stack)).Message;
}
