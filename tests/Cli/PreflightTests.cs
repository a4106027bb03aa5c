using System.Globalization;
using System.Text.Json;
using PostgresHa.Cli;
using PostgresHa.Components;
using PostgresHa.Tests.Engine;

namespace PostgresHa.Tests.Cli;

/// <summary>What <c>pgha preflight</c> says of hosts that answer each in its own way: one server on several addresses of the loopback interface.</summary>
public sealed class PreflightTests : IAsyncLifetime, IDisposable
{
    private const string Answers = """
        #!/bin/sh
        set -- $SSH_CONNECTION
        cat >FOLDER/stdin.$3
        printf %s "$SSH_ORIGINAL_COMMAND" >FOLDER/command.$3
        case $3 in
          127.0.0.1)
            echo "note: one: pgbouncer is 1.18: something does not work"
            echo "unchanged: Debian 12 is fit (no SELinux)"
            ;;
          127.0.0.4)
            echo "preflight: four.example: no repository of this host has pgbouncer; to be had in EPEL (dnf install -y epel-release)" >&2
            echo "preflight: four.example: the clock is not synchronised" >&2
            echo "preflight: four.example: 2 problem(s); nothing was changed on this host (Rocky Linux 9.6, SELinux enforcing)" >&2
            exit 1
            ;;
          127.0.0.5)
            echo "sudo: a password is required" >&2
            exit 1
            ;;
        esac
        """;

    private readonly TemporaryProject _project = new();
    private readonly SshServer _server;

    public PreflightTests()
    {
        var script = Path.Combine(_project.Folder, "answers");
        File.WriteAllText(script, Answers.Replace("FOLDER", _project.Folder, StringComparison.Ordinal));
        _server = new SshServer { More = $"ListenAddress 127.0.0.3\nListenAddress 127.0.0.4\nListenAddress 127.0.0.5\nForceCommand sh {script}" };
    }

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _project.Dispose();

    [SshFact]
    public void Every_host_is_said_with_what_is_wrong_and_those_that_cannot_be_reached_with_the_reason()
    {
        Write("2", "3", "4", "5");

        var answer = CommandLineTests.Run("preflight", "--project", _project.Folder, "--stack", "hosts");

        Assert.Equal(1, answer.Code);
        Assert.Equal("", answer.Error);
        Assert.StartsWith("hosts: ok: cluster orders on a1 (127.0.0.1), ", answer.Output, StringComparison.Ordinal);
        Assert.Contains(
            """
            a1 (127.0.0.1): fit: Debian 12, no SELinux
              ! pgbouncer is 1.18: something does not work
            a2 (127.0.0.2): 1 problem

            """, answer.Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.2:" + Port + " cannot be reached: ", answer.Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.3:" + Port + " shows another host key than the configured one", answer.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            a4 (127.0.0.4): 2 problems: Rocky Linux 9.6, SELinux enforcing
              ✗ no repository of this host has pgbouncer; to be had in EPEL (dnf install -y epel-release)
              ✗ the clock is not synchronised
            a5 (127.0.0.5): 1 problem
              ✗ sudo: a password is required; let ssh.user be root or give it password-less sudo
            4 of 5 hosts are not fit; nothing was touched

            """, answer.Output, StringComparison.Ordinal);
    }

    [SshFact]
    public void The_hosts_are_asked_just_what_up_asks_them()
    {
        Write("4", "5");

        var answer = CommandLineTests.Run("preflight", "--project", _project.Folder, "--stack", "hosts", "--json");

        Assert.Equal(1, answer.Code);
        using var json = JsonDocument.Parse(answer.Output);
        Assert.False(json.RootElement.GetProperty("fit").GetBoolean());
        Assert.Equal(["a1 True", "a4 False", "a5 False"], json.RootElement.GetProperty("hosts").EnumerateArray().Select(host => $"{host.GetProperty("name").GetString()} {host.GetProperty("fit").GetBoolean()}"));
        var cluster = StackContext.Load(Project.Find(_project.Folder), "hosts", withoutLab: true).Specification;
        foreach (var host in cluster.Hosts)
        {
            Assert.Equal(HostPreflight.CommandLine(cluster, host), File.ReadAllText(Path.Combine(_project.Folder, "command." + host.Address)));
            Assert.Equal(HostPreflight.Script, File.ReadAllText(Path.Combine(_project.Folder, "stdin." + host.Address)));
        }
    }

    [SshFact]
    public void A_stack_file_that_is_wrong_is_said_before_anybody_is_asked()
    {
        Write("4", "5");
        var path = Path.Combine(_project.Folder, "Pulumi.hosts.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("prefix: 24", "prefix: 99", StringComparison.Ordinal));

        var answer = CommandLineTests.Run("preflight", "--project", _project.Folder, "--stack", "hosts");

        Assert.Equal(1, answer.Code);
        Assert.Contains("vip.prefix", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_project.Folder, "command.*"));
    }

    private string Port => _server.Port.ToString(CultureInfo.InvariantCulture);

    private void Write(params string[] more)
    {
        var key = Path.Combine(_project.Folder, "key");
        File.WriteAllText(key, _server.PrivateKey);
        var other = SshServer.NewKey(Path.Combine(_project.Folder, "other"));
        var hosts = string.Concat(more.Prepend("1").Select(number =>
            $"      - {{ name: a{number}, address: 127.0.0.{number}, hostKey: {(number == "3" ? other : _server.HostKey)} }}\n"));
        _project.Write("hosts", $$"""
            config:
              postgres-ha:cluster:
                name: orders
                ssh: { user: {{Environment.UserName}}, port: {{Port}}, privateKeyFile: {{key}} }
                hostDefaults: { system: debian, interface: lo }
                hosts:
            {{hosts}}    vip: { address: 127.0.0.9, prefix: 24 }
            """);
    }
}
