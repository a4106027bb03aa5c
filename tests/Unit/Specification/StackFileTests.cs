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
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", """
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

        var stack = StackFile.Load(project.Folder, "test");

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
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", "");

        var stack = StackFile.Load(project.Folder, "test");

        Assert.Empty(stack.Config);
        Assert.Equal(JsonValueKind.Undefined, stack.Cluster.ValueKind);
        Assert.False(stack.HasPrivateKeySecret);
        Assert.Null(stack.EncryptionSalt);
    }

    [Fact]
    public void A_missing_stack_lists_those_there_are()
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.production.yaml", "")
            .Write("Pulumi.dev.yaml", "");

        var message = Failure(project, "staging");

        Assert.Equal(
            $"There is no stack \"staging\" ({project.Folder}/Pulumi.staging.yaml does not exist); stacks are: dev, production.", message);
    }

    [Fact]
    public void A_missing_stack_where_there_is_none_says_so()
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project);

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
    [InlineData("config:\n  cluster: 1\n", ":2:3: \"cluster\" is not a configuration key; write postgres-ha:cluster.")]
    [InlineData("config:\n  postgres-ha:cluster: {}\n  hosts: []\n", ":3:3: \"hosts\" is not a configuration key; move it below "
        + "postgres-ha:cluster:, two blanks further right.")]
    [InlineData("config: {}\nvip: {}\n", ":2:1: nothing reads \"vip\" here; move it below postgres-ha:cluster:, four blanks "
        + "further right.")]
    [InlineData("config: {}\npostgres-ha:cluster: {}\n", ":2:1: nothing reads \"postgres-ha:cluster\" here; move it below config:, two "
        + "blanks further right.")]
    [InlineData("config: {}\nencryptionsal: x\n", ":2:1: nothing reads \"encryptionsal\" here; did you mean encryptionsalt?")]
    [InlineData("config:\n  a b: 1\n", ":2:3: \"a b\" is not a configuration key; write postgres-ha:NAME, for instance "
        + "postgres-ha:cluster.")]
    [InlineData("config:\n  a:b:\n    - : c\n", ":3:8: a colon has no key before it;")]
    [InlineData("config:\n  a:b: {c:>\n  d, e: 1}\n", ":2:")]
    [InlineData("config:\n    a:b: 1\n  a:c: 1\n", ":3:3: ")]
    [InlineData("config:\n  - a\n", ":2:3: config is not a mapping")]
    [InlineData("- a\n", ":1:1: is not a mapping")]
    [InlineData("config:\n  a:b: &x [*x]\n", ":2:12: *x stands inside of what it names; write the value out.")]
    [InlineData("config:\n  a:b: *x\n", ":2:8: *x names nothing; put &x before an earlier value, or text that begins with * in quotes.")]
    [InlineData("config:\n  a:b:\n    c: 1\n    c: 2\n", ":4:5: c is there twice; keep one of them.")]
    [InlineData("config:\n  a:b: 1\n---\nconfig: {}\n", ":3:1: begins a second document, which would be ignored; keep one document in "
        + "the file.")]
    [InlineData("config:\n  ? &a [*a]\n  : 1\n", ":2:5: a key is not plain text;")]
    [InlineData("config:\n  a:b: {<<: [1]}\n", ":2:14: << merges mappings, and this is none;")]
    [InlineData("config:\n  a:b: !vault x\n", ":2:8: the tag !vault is not read here;")]
    [InlineData("config:\n  a:b: !!int \"5\"\n", ":2:8: the tag !!int is not read here;")]
    [InlineData("config:\n  a:b: c: d\n", ":2:9: a second colon in one line,")]
    [InlineData("config:\n  a:b: \"c\n", ":2:8: the quote that begins here is never closed; close it.")]
    [InlineData("config:\n  a:b: @c\n", ":2:8: a value cannot begin with this character; put the value in quotes.")]
    [InlineData("config:\n  a:b: c\0d\n", ":2:9: has the control character \\x00; remove it.")]
    [InlineData("config:\n  a:b: \u001b[31m\n", ":2:8: has the control character \\x1b; remove it.")]
    public void Broken_YAML_is_reported_with_file_and_line(string yaml, string expected)
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", yaml);

        var message = Failure(project, "test");

        Assert.StartsWith(project.Folder + "/Pulumi.test.yaml" + expected, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain("(Line:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_that_would_overflow_the_stack_is_refused()
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project)
            .Write("Pulumi.lists.yaml", "config:\n  a:b: " + new string('[', 500_000))
            .Write("Pulumi.mappings.yaml", "config:\n  a:b: " + string.Concat(Enumerable.Repeat("{a: ", 200_000)));

        Assert.Contains(":2:38: is nested too deeply", Failure(project, "lists"), StringComparison.Ordinal);
        Assert.Contains("is nested too deeply", Failure(project, "mappings"), StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var laughs = Enumerable.Range(1, 12)
            .Select(i => $"  a:l{i}: &l{i} [{string.Join(", ", Enumerable.Repeat($"*l{i - 1}", 9))}]");
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project)
            .Write("Pulumi.bomb.yaml", "config:\n  a:l0: &l0 laugh\n" + string.Join('\n', laughs) + "\n");

        Assert.Contains("aliases multiply", Failure(project, "bomb"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused()
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project)
            .Write("Pulumi.large.yaml", new string('#', (1 << 20) + 1));
        File.WriteAllBytes(Path.Join(project.Folder, "Pulumi.latin.yaml"), [.. "config:\n  a:b: caf"u8, 0xE9, (byte)'\n']);
        Directory.CreateDirectory(Path.Join(project.Folder, "Pulumi.folder.yaml"));

        Assert.EndsWith(
            "Pulumi.latin.yaml:2:11: is not UTF-8; save the file as UTF-8.", Failure(project, "latin"), StringComparison.Ordinal);
        Assert.Contains("is larger than 1 MB", Failure(project, "large"), StringComparison.Ordinal);
        Assert.Contains("is a folder", Failure(project, "folder"), StringComparison.Ordinal);
    }

    [Fact]
    public void Byte_order_mark_and_carriage_returns_change_nothing()
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", "\uFEFFname: 'postgres-ha' # quoted\r\n")
            .Write("Pulumi.test.yaml", "\uFEFFconfig:\r\n  postgres-ha:cluster:\r\n    name: orders\r\n    list: [a,\r\n      b]\r\n");

        var stack = StackFile.Load(project.Folder, "test");

        Assert.Equal("postgres-ha", stack.Project);
        Assert.Equal("""{"name":"orders","list":["a","b"]}""", stack.Cluster.GetRawText());
    }

    [Fact]
    public void Merge_keys_are_followed_as_Pulumi_follows_them()
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", """
            defaults: &defaults { system: debian, interface: eth0 }
            large: &large { memory: 64GB, interface: bond0 }
            config:
              postgres-ha:cluster:
                one: { <<: *defaults, name: db1 }
                two: { <<: [*large, *defaults], interface: ens3 }
                three: { <<: [*large, *defaults] }
                four: { "<<": text }
            """);

        Assert.Equal(
            """{"one":{"name":"db1","system":"debian","interface":"eth0"},"two":{"interface":"ens3","memory":"64GB","system":"debian"},"three":{"memory":"64GB","interface":"bond0","system":"debian"},"four":{"\u003C\u003C":"text"}}""",
            StackFile.Load(project.Folder, "test").Cluster.GetRawText());
    }

    [Theory]
    [InlineData("", "is missing: Pulumi.test.yaml is empty; write config:, below it postgres-ha:cluster:, and below that at least name, "
        + "hosts and vip")]
    [InlineData("# nothing\n", "Pulumi.test.yaml is empty")]
    [InlineData("encryptionsalt: v1:abc\n", "Pulumi.test.yaml has no config; write config:")]
    [InlineData("confg:\n  postgres-ha:cluster: {}\n", "Pulumi.test.yaml has no config; write config: where it has confg:")]
    [InlineData("config:\n", "is missing below config in Pulumi.test.yaml; write postgres-ha:cluster: there")]
    [InlineData("config:\n  postgres-ha:clutser: {}\n", "is missing below config in Pulumi.test.yaml; write postgres-ha:cluster: where "
        + "it has postgres-ha:clutser:")]
    [InlineData("config:\n  postgres-ha:cluster:\n", "postgres-ha:cluster: is empty; write the cluster's values below it")]
    [InlineData("config:\n  postgres-ha:cluster: orders\n", "postgres-ha:cluster: orders is not a mapping; write the cluster's values "
        + "below it")]
    [InlineData("config:\n  postgres-ha:cluster:\n    secure: v1:abc\n", "postgres-ha:cluster: is encrypted; write it in plain text")]
    [InlineData("postgres-ha:cluster:\n  name: orders\n", "stands at the top of Pulumi.test.yaml, where nothing reads it; put it "
        + "below config:")]
    public void A_file_without_cluster_says_where_it_should_be(string yaml, string expected)
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", yaml);

        Assert.Contains(expected, StackFile.Load(project.Folder, "test").MissingCluster!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../test", "a stack's name has letters, digits, -, _ and ., at most 100; stacks are: test.")]
    [InlineData("", "a stack's name has letters")]
    [InlineData("a\u001b[31m", "There is no stack \"a\\x1b[31m\": a stack's name has letters")]
    [InlineData("Pulumi.test.yaml", "that is its file; the stack's name is test.")]
    [InlineData("other", "Pulumi.other.yml is not read; name it Pulumi.other.yaml, in YAML.")]
    public void A_stack_that_is_none_says_what_its_name_would_be(string stack, string expected)
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", Project).Write("Pulumi.test.yaml", "")
            .Write("Pulumi.other.yml", "");

        Assert.Contains(expected, Failure(project, stack), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{name: postgres-ha, stackConfigDir: stacks}", "stackConfigDir is not read here; keep the stack files beside Pulumi.yaml.")]
    [InlineData("name: postgres-ha\nconfig:\n  postgres-ha:cluster: {}\n", ":3:3: postgres-ha:cluster of all stacks is not read here; "
        + "write it into each stack's file.")]
    [InlineData("runtime: dotnet\n", "has no name; it names the project, postgres-ha.")]
    [InlineData("name: [\n", "Pulumi.yaml:2:1: a value is missing, or a bracket is open; close every [ and {")]
    public void A_project_file_is_read_as_YAML_and_nothing_in_it_is_ignored(string yaml, string expected)
    {
        using var project = new TemporaryProject().Write("Pulumi.yaml", yaml).Write("Pulumi.test.yaml", "");

        Assert.Contains(expected, Failure(project, "test"), StringComparison.Ordinal);
    }

    private static string Failure(TemporaryProject project, string stack) =>
        Assert.Throws<StackFileException>(() => StackFile.Load(project.Folder, stack)).Message;
}
