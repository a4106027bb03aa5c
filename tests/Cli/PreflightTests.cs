using System.Globalization;
using System.Text.Json;
using PostgresHa.Cli.Commands;
using PostgresHa.Cli.Preflight;
using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Engine;
using PostgresHa.Components.Hosts;
using PostgresHa.Infra;

namespace PostgresHa.Tests.Cli;

/// <summary>
/// What <c>pgha preflight</c> says of hosts that answer each in its own way: one server on several addresses of the loopback interface.
/// </summary>
public sealed class PreflightTests : IAsyncLifetime, IDisposable
{
    private const string Answers = """
        case $SSH_ORIGINAL_COMMAND in *'sh -s'*) ;; *) exec sh -c "$SSH_ORIGINAL_COMMAND" ;; esac
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
        _server = new SshServer
        {
            More = $"ListenAddress 127.0.0.3\nListenAddress 127.0.0.4\nListenAddress 127.0.0.5\nForceCommand sh {script}",
        };
    }

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _project.Dispose();

    [SshFact]
    public async Task Every_host_is_said_with_what_is_wrong_and_those_that_cannot_be_reached_with_the_reason()
    {
        var (fit, output) = await AskAsync(Cluster, json: false);

        Assert.False(fit);
        var port = _server.Port.ToString(CultureInfo.InvariantCulture);
        Assert.Collection(
            output.TrimEnd().Split('\n'),
            Is("h1 (10.0.12.1): fit: Debian 12, no SELinux"),
            Is("  ! pgbouncer is 1.18: something does not work"),
            Is("h2 (10.0.12.2): 1 problem"),
            line => Assert.Contains($"127.0.0.2:{port} cannot be reached: ", line, StringComparison.Ordinal),
            Is("h3 (10.0.12.3): 1 problem"),
            line => Assert.Contains($"127.0.0.3:{port} shows another host key than the configured one", line, StringComparison.Ordinal),
            Is("h4 (10.0.12.4): 2 problems: Rocky Linux 9.6, SELinux enforcing"),
            Is("  ✗ no repository of this host has pgbouncer; to be had in EPEL (dnf install -y epel-release)"),
            Is("  ✗ the clock is not synchronised"),
            Is("h5 (10.0.12.5): 1 problem"),
            Is("  ✗ sudo: a password is required; let ssh.user be root or give it password-less sudo"),
            Is("4 of 5 hosts are not fit; nothing was touched"));

        static Action<string> Is(string expected) => line => Assert.Equal(expected, line);
    }

    [SshFact]
    public async Task The_hosts_are_asked_just_what_up_asks_them()
    {
        var (_, output) = await AskAsync(Cluster, json: true);

        using var json = JsonDocument.Parse(output);
        Assert.False(json.RootElement.GetProperty("fit").GetBoolean());
        Assert.Equal(
            ["h1 True", "h2 False", "h3 False", "h4 False", "h5 False"],
            json.RootElement.GetProperty("hosts").EnumerateArray()
                .Select(static host => $"{host.GetProperty("name").GetString()} {host.GetProperty("fit").GetBoolean()}"));
        foreach (var host in Cluster.Hosts.Where(static host => host.Name is "h1" or "h4"))
        {
            Assert.Equal(
                HostPreflight.CommandLine(ClusterServices.All, Cluster, host, Stack),
                await File.ReadAllTextAsync(Path.Combine(_project.Folder, "command." + Loopback(host))));
            Assert.Equal(HostPreflight.Script, await File.ReadAllTextAsync(Path.Combine(_project.Folder, "stdin." + Loopback(host))));
        }
    }

    [SshFact]
    public async Task Only_where_all_are_fit_the_stack_is()
    {
        var (fit, output) = await AskAsync(Cluster with { Hosts = [Cluster.Hosts[0]] }, json: false);

        Assert.True(fit);
        Assert.EndsWith("all 1 hosts are fit\n", output, StringComparison.Ordinal);
    }

    private const string Stack = "postgres-ha/test";

    private static ClusterSpecification Cluster { get; } = Five(SampleCluster.With("{}", "{}"));

    private static ClusterSpecification Five(ClusterSpecification sample) => sample with
    {
        Hosts =
        [
            .. Enumerable.Range(1, 5).Select(number => sample.Hosts[0] with
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"h{number}"),
                Address = string.Create(CultureInfo.InvariantCulture, $"10.0.12.{number}"),
            }),
        ],
    };

    // No address of the stack is dialled: each stands for one of the loopback interface.
    private static string Loopback(HostSpecification host) => "127.0.0." + host.Name[1..];

    private async Task<(bool Fit, string Output)> AskAsync(ClusterSpecification cluster, bool json)
    {
        var other = SshServer.NewKey(Path.Combine(_project.Folder, Path.GetRandomFileName()));
        await using var run = new PreflightRun(cluster, Stack, host => _server.Connection with
        {
            Host = Loopback(host),
            HostKey = host.Name == "h3" ? other : _server.HostKey,
            DialErrorLimit = 1,
        });
        await using var output = new StringWriter();
        var fit = await PreflightCommand.ShowAsync(run.Begin(CancellationToken.None), "hosts", json, output);
        return (fit, output.ToString());
    }
}
