namespace PostgresHa.Tests.Cli;

/// <summary>The program as it is started: what it says of mistakes, and with which exit code.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("sttus", 2, "pgha has no command “sttus”; there are: up")]
    [InlineData("lab sttus", 2, "pgha lab has no command “sttus”; there are: up, down, status, ssh, exec")]
    [InlineData("render", 2, "Option '--out' is required")]
    [InlineData("preview --stack nope", 1, "There is no stack \"nope\"")]
    [InlineData("lab status --stack production", 1, "Stack production is not a lab's: its ssh.networkNamespace is not set")]
    [InlineData("lab up --vm mdw3", 1, "--vm: stack dev has no host mdw3; it has mdw, standby, standby1.")]
    [InlineData("lab up --engine docker", 2, "'docker' not recognized")]
    [InlineData("validate --project /nowhere", 1, "--project: /nowhere holds no Pulumi.yaml")]
    [InlineData("outputs --stack production", 1, "has no outputs yet")]
    [InlineData("preflight --stack nope", 1, "There is no stack \"nope\"")]
    [InlineData("render --stack production --out /proc/nowhere", 1, "; give a place that you may write to.")]
    [InlineData("render --stack production --out /dev/null", 1, "--out: /dev/null is a file; give a folder.")]
    [InlineData("bill --stack nope", 1, "There is no stack \"nope\"")]
    [InlineData("bill --out /nowhere/bill.json", 1, "--out: the folder /nowhere does not exist; make it first.")]
    [InlineData("drill switchover --report /nowhere/report.html", 1, "--report: the folder /nowhere does not exist; make it first.")]
    [InlineData("@/etc/hostname", 2, "pgha has no command “@/etc/hostname”")]
    [InlineData("lab up --engine Pulumi", 2, "Must be one of: 'pulumi' 'offline'")]
    [InlineData("validate --stack ../Pulumi.dev", 1, "There is no stack \"../Pulumi.dev\": a stack's name has letters")]
    public void A_mistake_is_said_in_a_sentence_without_a_stack_trace(string arguments, int code, string expected)
    {
        var answer = Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(code, answer.Code);
        Assert.StartsWith("pgha: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.All, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_accepts_the_committed_stacks_before_any_lab_was_up()
    {
        var answer = Run("validate");
        Assert.Equal(0, answer.Code);
        Assert.Contains(
            "dev: ok: cluster lab on mdw (10.0.12.9), standby (10.0.12.4), standby1 (10.0.16.11), VIP 10.0.12.10/19",
            answer.Output,
            StringComparison.Ordinal);
        Assert.Contains("production: ok: ", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_state_knows_of_the_cluster_is_not_changed_by_editing()
    {
        using var project = new TemporaryProject();
        project.Write("orders", Stack(1));
        Directory.CreateDirectory(Path.Combine(project.Folder, ".state"));
        File.WriteAllText(Path.Combine(project.Folder, ".state", "orders.json"), """
            {
              "version": 1, "project": "postgres-ha", "stack": "orders", "encryptionsalt": "v1:x", "resources": [], "pending": {},
              "outputs": { "identity": { "name": "invoices", "hosts.a": "192.0.2.11", "hosts.b": "192.0.2.99", "voters": "a b c" } }
            }
            """);

        foreach (var command in new[] { "validate", "preview --stack orders", "up --stack orders" })
        {
            var answer = RunIn(project.Folder, command.Split(' '));
            Assert.Equal(1, answer.Code);
            Assert.Contains(
                "postgres-ha:cluster.name: orders is invoices on the cluster that this stack has made; put it back",
                answer.Error,
                StringComparison.Ordinal);
            Assert.Contains("hosts[1].address: 192.0.2.12 is another one than 192.0.2.99", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_says_all_errors_at_once()
    {
        using var project = new TemporaryProject();
        project.Write("wrong", """
            config:
              postgres-ha:cluster:
                name: wrong
                ssh: { agent: true }
                hostDefaults: { system: debian, interface: eth0, coers: 2 }
                hosts:
                  - { name: a, address: 192.0.2.1 }
                  - { name: a, address: 192.0.2.2 }
                vip: { address: 192.0.2.1, prefix: 24 }
            """);
        var answer = Run("validate", "--project", project.Folder, "--stack", "wrong");
        Assert.Equal(1, answer.Code);
        Assert.Contains("hostDefaults.coers", answer.Error, StringComparison.Ordinal);
        Assert.Contains("cores", answer.Error, StringComparison.Ordinal);
        Assert.True(answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length > 3, answer.Error);
    }

    [Theory]
    [InlineData("name: \"postgres-ha\"\n")]
    [InlineData("name:   'postgres-ha' # ours\n")]
    [InlineData("\uFEFFname: postgres-ha\r\nruntime: dotnet\r\n")]
    [InlineData("{ name: postgres-ha, runtime: dotnet }")]
    public void The_project_of_the_current_folder_is_taken_however_its_name_is_written(string projectFile)
    {
        using var project = new TemporaryProject();
        File.WriteAllText(Path.Combine(project.Folder, "Pulumi.yaml"), projectFile);
        project.Write("mine", "config: {}\n");
        var below = Directory.CreateDirectory(Path.Combine(project.Folder, "infra")).FullName;
        foreach (var folder in (string[])[project.Folder, below])
        {
            var answer = RunIn(folder, "validate");
            Assert.Equal(1, answer.Code);
            Assert.Contains("Pulumi.mine.yaml", answer.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("dev", answer.All, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(
        "Pulumi.yaml",
        "name: webshop\n",
        "is of the project webshop, not postgres-ha; give the folder of the one you mean with --project.")]
    [InlineData("Pulumi.yaml", "runtime: dotnet\n", "has no name; it names the project, postgres-ha.")]
    [InlineData("Pulumi.yaml", "name: [\n", "Pulumi.yaml:2:1: ")]
    [InlineData("Pulumi.yml", "name: postgres-ha\n", "Pulumi.yml is not read; name it Pulumi.yaml, in YAML.")]
    public void No_other_project_stands_in_for_that_of_the_current_folder(string file, string content, string expected)
    {
        using var folder = new TemporaryProject();
        File.Delete(Path.Combine(folder.Folder, "Pulumi.yaml"));
        File.WriteAllText(Path.Combine(folder.Folder, file), content);
        var answer = RunIn(folder.Folder, "validate");
        Assert.Equal(1, answer.Code);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(": ok", answer.All, StringComparison.Ordinal);
    }

    [Fact]
    public void Preflight_asks_nobody_of_a_stack_file_that_is_wrong_or_whose_hosts_are_those_of_another()
    {
        using var project = new TemporaryProject();
        project.Write("wrong", Stack(2).Replace("prefix: 24", "prefix: 99", StringComparison.Ordinal));
        var answer = Run("preflight", "--project", project.Folder, "--stack", "wrong");
        Assert.Equal((1, ""), (answer.Code, answer.Output));
        Assert.Contains("vip.prefix", answer.Error, StringComparison.Ordinal);

        project.Write("one", Stack(1));
        project.Write("same", Stack(1));
        answer = Run("preflight", "--project", project.Folder, "--stack", "same", "--json");
        Assert.Equal((1, ""), (answer.Code, answer.Output));
        Assert.Contains("is also hosts[0].address of stack one", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_answer_of_every_host_there_is_no_bill()
    {
        using var project = new TemporaryProject();
        project.Write("orders", Stack(1));
        var path = Path.Combine(project.Folder, "bill.json");
        File.WriteAllText(path, "the one before");

        var answer = RunIn(project.Folder, "bill", "--stack", "orders", "--out", path);

        Assert.Equal((1, ""), (answer.Code, answer.Output));
        Assert.StartsWith("pgha: There is no bill without all hosts:\n  a: ", answer.Error, StringComparison.Ordinal);
        Assert.Equal(4, answer.Error.TrimEnd().Split('\n').Length);
        Assert.Equal("the one before", File.ReadAllText(path));
        Assert.DoesNotContain(Directory.GetFiles(project.Folder), static file => Path.GetFileName(file).StartsWith('.'));
    }

    [Fact]
    public void An_empty_path_is_no_folder()
    {
        Assert.Equal("pgha: --out: is empty; give a path.\n", Run("render", "--stack", "production", "--out", "").Error);
        Assert.Equal("pgha: --project: names no folder; give that of a postgres-ha project.\n", Run("validate", "--project", "").Error);
    }

    [Fact]
    public void Validate_goes_on_behind_a_broken_file()
    {
        using var project = new TemporaryProject();
        project.Write("a-broken", "config: [\n");
        project.Write("b-right", Stack(1));
        project.Write("c-wrong", Stack(2).Replace("prefix: 24", "prefix: 99", StringComparison.Ordinal));
        project.Write("d-right", Stack(3));
        var answer = Run("validate", "--project", project.Folder);
        Assert.Equal(1, answer.Code);
        Assert.Contains("a-broken: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("c-wrong: 1 error", answer.Error, StringComparison.Ordinal);
        Assert.Contains("b-right: ok", answer.Output, StringComparison.Ordinal);
        Assert.Contains("d-right: ok", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_stacks_do_not_share_hosts_or_a_VIP()
    {
        using var project = new TemporaryProject();
        project.Write("one", Stack(1));
        project.Write("same-host", Stack(2).Replace("192.0.2.21", "192.0.2.11", StringComparison.Ordinal));
        project.Write("same-vip", Stack(3).Replace("192.0.2.30,", "192.0.2.10,", StringComparison.Ordinal));
        project.Write("vip-is-host", Stack(4).Replace("192.0.2.40,", "192.0.2.12,", StringComparison.Ordinal));
        // The same addresses behind a bastion are other hosts.
        project.Write(
            "elsewhere",
            Stack(1).Replace("agent: true", $"agent: true, bastion: {{ address: jump, hostKey: {HostKey} }}", StringComparison.Ordinal));
        var all = Run("validate", "--project", project.Folder);
        Assert.Equal(1, all.Code);
        string[] clashes =
        [
            "same-host: hosts[0].address: 192.0.2.11 is also hosts[0].address of stack one; give each stack its own hosts and VIP",
            "same-vip: vip.address: 192.0.2.10 is also vip.address of stack one; ",
            "vip-is-host: vip.address: 192.0.2.12 is also hosts[1].address of stack one; ",
        ];
        Assert.Equal(clashes.Length, all.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(clashes, clash => Assert.Contains(clash, all.Error, StringComparison.Ordinal));

        var one = Run("validate", "--project", project.Folder, "--stack", "same-vip");
        Assert.Equal(1, one.Code);
        Assert.Equal(
            "same-vip: vip.address: 192.0.2.10 is also vip.address of stack one; give each stack its own hosts and VIP, or remove the "
            + "file of the one that is no more.\n",
            one.Error);
        Assert.Equal(0, Run("validate", "--project", project.Folder, "--stack", "elsewhere").Code);
    }

    [Fact]
    public void Nothing_that_a_terminal_obeys_is_shown_of_a_stack_file_or_the_command_line()
    {
        using var project = new TemporaryProject();
        project.Write("esc", """
            config:
              postgres-ha:cluster:
                "na\e[31mme": 1
                name: "a\e]0;title\ab\0"
                vip: { address: "\u202e1.2.3.4", prefix: "\e[2J" }
            """);
        foreach (var arguments in (string[][])
        [
            ["validate", "--project", project.Folder], ["preview", "--stack", "esc", "--project", project.Folder],
            ["validate", "--stack", "\u001b[31mx"],
            ["outputs", "--project", "\u001b[31mx"], ["\u001b[31mx"],
        ])
        {
            var answer = Run(arguments);
            Assert.NotEqual(0, answer.Code);
            Assert.DoesNotContain(answer.All, letter => letter != '\n' && (char.IsControl(letter) || letter == '\u202e'));
        }
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("preview")]
    [InlineData("preview --json")]
    public void A_version_with_known_holes_is_warned_of_beside_the_output_and_leaves_the_exit_code(string command)
    {
        using var project = new TemporaryProject();
        project.Write(
            "old",
            File.ReadAllText(Path.Combine(Repository(), "Pulumi.production.yaml"))
                .Replace("    etcd:\n", "    etcd:\n      version: 3.5.27\n", StringComparison.Ordinal));
        var answer = Run([.. command.Split(' '), "--stack", "old", "--project", project.Folder]);
        Assert.True(answer.Code == 0, answer.All);
        Assert.Contains("postgres-ha:cluster.etcd.version: 3.5.27 has known severe holes: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("CVE-2026-33413", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("known severe hole", answer.Output, StringComparison.Ordinal);
        Assert.Contains("warning", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("preview")]
    public void Versions_that_do_not_work_together_are_refused(string command)
    {
        using var project = new TemporaryProject();
        project.Write(
            "old",
            File.ReadAllText(Path.Combine(Repository(), "Pulumi.production.yaml"))
                .Replace("    patroni:\n", "    patroni:\n      version: 4.0.7\n", StringComparison.Ordinal));
        var answer = Run(command, "--stack", "old", "--project", project.Folder);
        Assert.Equal(1, answer.Code);
        Assert.Contains(
            "postgres-ha:cluster.patroni.version: 4.0.7 does not work with etcd 3.5.33", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_beside_the_cluster_is_judged_and_never_shown()
    {
        using var project = new TemporaryProject();
        project.Write("dev", File.ReadAllText(Path.Combine(Repository(), "Pulumi.dev.yaml")) + """
              postgres-ha:supeuserPassword: { secure: v1:abc }
              postgres-ha:rewindPassword: t0psecret
              postgres-ha:etcdRootPassword:
              postgres-ha:statisticsPassword: [t0psecret]
            """);
        foreach (var command in new[] { "validate", "preview", "render" })
        {
            var answer = command == "render"
                ? Run(command, "--project", project.Folder, "--stack", "dev", "--out", Path.Combine(project.Folder, "out"))
                : Run(command, "--project", project.Folder, "--stack", "dev");
            Assert.Equal(1, answer.Code);
            Assert.Contains(
                "postgres-ha:supeuserPassword: is unknown; did you mean superuserPassword?", answer.Error, StringComparison.Ordinal);
            Assert.Contains(
                "postgres-ha:rewindPassword: is a secret in plain text; set another with pulumi config set --secret rewindPassword",
                answer.Error,
                StringComparison.Ordinal);
            Assert.Contains("postgres-ha:etcdRootPassword: is empty", answer.Error, StringComparison.Ordinal);
            Assert.Contains("postgres-ha:statisticsPassword: is a list or mapping in plain text", answer.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("t0psecret", answer.All, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Preview_shows_no_secret_and_needs_neither_lab_nor_network()
    {
        // A copy: the repository's own lab may be up, and its state has its own passphrase.
        using var project = new TemporaryProject();
        File.Copy(Path.Combine(Repository(), "Pulumi.dev.yaml"), Path.Combine(project.Folder, "Pulumi.dev.yaml"));
        var answer = Run("preview", "--stack", "dev", "--project", project.Folder);
        Assert.True(answer.Code == 0, answer.All);
        Assert.Contains("postgres-ha", answer.Output, StringComparison.Ordinal);
        Assert.Contains("to create", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET-", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_writes_the_files_of_each_host()
    {
        using var folder = new TemporaryProject();
        var output = Path.Combine(folder.Folder, "out");
        var answer = Run("render", "--stack", "production", "--out", output);
        Assert.True(answer.Code == 0, answer.All);
        foreach (var host in (string[])["db1", "db2", "db3"])
        {
            foreach (var path in (string[])
                [
                    "etc/haproxy/haproxy.cfg", "etc/etcd/etcd.conf.yml", "etc/keepalived/keepalived.conf",
                    "etc/pgbouncer/pgbouncer.ini", "usr/local/lib/postgres-ha/file-write",
                ])
            {
                var file = Path.Combine(output, host, path);
                Assert.True(
                    File.Exists(file),
                    $"{file} is missing; there "
                    + $"are:\n{string.Join('\n', Directory.EnumerateFiles(Path.Combine(output, host), "*", SearchOption.AllDirectories))}");
                Assert.NotEqual(0, new FileInfo(file).Length);
            }
        }
    }

    private const string HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    private static string Stack(int number) => $$"""
        config:
          postgres-ha:cluster:
            name: orders
            ssh: { agent: true }
            hostDefaults: { system: debian, interface: eth0 }
            hosts:
              - { name: a, address: 192.0.2.{{number}}1, hostKey: {{HostKey}} }
              - { name: b, address: 192.0.2.{{number}}2, hostKey: {{HostKey}} }
              - { name: c, address: 192.0.2.{{number}}3, hostKey: {{HostKey}} }
            vip: { address: 192.0.2.{{number}}0, prefix: 24 }
        """;

    private static (int Code, string Output, string Error, string All) Run(params string[] arguments) => Pgha.Run(arguments);

    private static (int Code, string Output, string Error, string All) RunIn(string folder, params string[] arguments) =>
        Pgha.RunIn(folder, arguments);

    private static string Repository() => Pgha.Repository();
}
