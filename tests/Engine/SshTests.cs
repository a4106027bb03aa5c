using System.Net;
using System.Net.Sockets;
using System.Text;
using PostgresHa.Offline;
using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Tests.Engine;

/// <summary>The connection itself: whom it trusts, what it shows, what it survives.</summary>
[Collection("ssh")]
public sealed class SshTests(SshServer server) : IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [SshFact]
    public async Task Gives_exit_code_and_both_outputs()
    {
        await using var client = new SshClient();
        var lines = new List<string>();
        var result = await client.RunAsync(
            server.Connection, "echo out; cat; echo err >&2; exit 7", "given\n", onLine: (line, error) =>
            {
                lock (lines)
                {
                    lines.Add((error ? "2:" : "1:") + line);
                }
            });
        Assert.Equal(new SshResult(7, "out\ngiven\n", "err\n"), result);
        Assert.Equal(["1:given", "1:out", "2:err"], lines.Order());
    }

    [SshFact]
    public async Task Refuses_a_host_with_another_key()
    {
        await using var client = new SshClient();
        var folder = Directory.CreateDirectory(_harness.At("keys")).FullName;
        var other = SshServer.NewKey(Path.Combine(folder, "other"));
        var error = await Assert.ThrowsAsync<SshException>(() => client.RunAsync(server.Connection with { HostKey = other }, "true"));
        Assert.Contains("another host key", error.Message, StringComparison.Ordinal);
    }

    [SshFact]
    public async Task Refuses_a_host_whose_key_is_not_configured()
    {
        await using var client = new SshClient();
        var error = await Assert.ThrowsAsync<SshException>(() => client.RunAsync(server.Connection with { HostKey = null }, "true"));
        Assert.Contains("no host key is configured", error.Message, StringComparison.Ordinal);
    }

    [SshFact]
    public async Task Says_when_the_login_is_refused()
    {
        await using var client = new SshClient();
        var folder = Directory.CreateDirectory(_harness.At("keys")).FullName;
        SshServer.NewKey(Path.Combine(folder, "stranger"));
        var stranger = await File.ReadAllTextAsync(Path.Combine(folder, "stranger"));
        var error = await Assert.ThrowsAsync<SshException>(() => client.RunAsync(server.Connection with { PrivateKey = stranger }, "true"));
        Assert.Contains("refused the login", error.Message, StringComparison.Ordinal);
    }

    [SshFact]
    public async Task Jumps_through_a_bastion()
    {
        await using var client = new SshClient();
        var before = server.Logins;
        var result = await client.RunAsync(server.Connection with { Proxy = server.Connection }, "echo there");
        Assert.Equal("there\n", result.Stdout);
        Assert.Equal(2, server.Logins - before);

        var folder = Directory.CreateDirectory(_harness.At("keys")).FullName;
        var other = SshServer.NewKey(Path.Combine(folder, "other"));
        await Assert.ThrowsAsync<SshException>(
            () => client.RunAsync(server.Connection with { Proxy = server.Connection with { HostKey = other } }, "echo there"));
    }

    [SshFact]
    public async Task Uses_a_key_that_has_a_passphrase()
    {
        await using var client = new SshClient();
        var key = _harness.At("locked");
        await File.WriteAllTextAsync(key, server.PrivateKey);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var keygen = System.Diagnostics.Process.Start("ssh-keygen", ["-q", "-p", "-P", "", "-N", "open sesame", "-f", key]))
        {
            await keygen.WaitForExitAsync();
        }

        var connection = server.Connection with { PrivateKey = await File.ReadAllTextAsync(key) };
        Assert.Equal(0, (await client.RunAsync(connection with { PrivateKeyPassword = "open sesame" }, "true")).ExitCode);
        await Assert.ThrowsAsync<SshException>(() => client.RunAsync(connection, "true"));
    }

    [SshFact]
    public async Task Waits_for_a_host_that_is_not_up_yet()
    {
        await using var late = new DisposableServer();
        await late.Server.InitializeAsync();
        late.Server.Stop();
        await using var client = new SshClient();
        var running = client.RunAsync(late.Server.Connection with { DialErrorLimit = 20 }, "echo up");
        await Task.Delay(1200);
        late.Server.Start();
        Assert.Equal("up\n", (await running).Stdout);
    }

    [SshFact]
    public async Task A_host_that_does_not_answer_is_not_dialled_for_each_command_anew()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var dialled = 0;
        var taking = TakeAsync();
        await using var client = new SshClient();
        var dead = server.Connection with { Port = ((IPEndPoint)silent.LocalEndpoint).Port, DialErrorLimit = 3 };
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Assert.ThrowsAsync<SshException>(() => client.RunAsync(dead, "true"))));
        Assert.Equal(3, dialled);
        silent.Stop();
        await Assert.ThrowsAnyAsync<SocketException>(() => taking);

        async Task TakeAsync()
        {
            while (true)
            {
                using var one = await silent.AcceptTcpClientAsync();
                dialled++;
            }
        }
    }

    [SshFact]
    public async Task Does_not_run_a_command_twice_when_the_connection_is_lost()
    {
        await using var doomed = new DisposableServer();
        await doomed.Server.InitializeAsync();
        await using var client = new SshClient();
        var log = _harness.At("log");
        var running = client.RunAsync(doomed.Server.Connection, $"echo began >> {log}; sleep 30");
        await Soon.ExistAsync(log);
        doomed.Server.Stop();
        var error = await Assert.ThrowsAsync<SshException>(() => running);
        Assert.Contains("was lost while the command ran", error.Message, StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(log));
    }

    [SshFact]
    public async Task No_secret_is_in_any_process_arguments_nor_in_output_nor_left_behind()
    {
        const string Secret = "s3cret-Value-0123456789";
        var seen = _harness.At("seen");
        var started = _harness.At("started");
        var running = _harness.Up(() =>
        {
            var args = Harness.Args(
                server, $"read value; touch {started}; sleep 1; echo got $value; echo \"$value\" > {seen}; echo $value >&2; exit 1");
            args.Stdin = Output.CreateSecret($"{Secret}\n");
            _ = new Command("writer", args);
        });
        var arguments = new StringBuilder();
        await Soon.ExistAsync(started);
        for (var i = 0; i < 10; i++)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                try
                {
                    arguments.Append(await File.ReadAllTextAsync(Path.Combine(process, "cmdline")));
                }
                catch (IOException)
                {
                    // It has ended.
                }
            }

            await Task.Delay(50);
        }

        var report = await running;
        var keyLine = server.PrivateKey.Split('\n')[1];
        Assert.Contains("pgha-host", arguments.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, arguments.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(keyLine, arguments.ToString(), StringComparison.Ordinal);
        Assert.Equal(Secret, (await File.ReadAllTextAsync(seen)).Trim());
        Assert.Contains("[secret]", report.Result("writer").Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _harness.Everything(report), StringComparison.Ordinal);
        Assert.Contains("got [secret]", _harness.Recorder.Lines);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/dev/shm", $"pgha-ssh-{Environment.ProcessId}-*"), _ => true);
    }

    [SshFact]
    public async Task Waits_for_a_session_where_the_host_takes_few_at_once()
    {
        await using var narrow = new DisposableServer("MaxSessions 2");
        await narrow.Server.InitializeAsync();
        await using var client = new SshClient();
        var running = Enumerable.Range(0, 6).Select(i => client.RunAsync(narrow.Server.Connection, $"sleep 1; echo {i}")).ToList();
        Assert.Equal(["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"], (await Task.WhenAll(running)).Select(result => result.Stdout));
    }

    [SshFact]
    public async Task Says_when_a_host_takes_no_session_beside_the_connection()
    {
        await using var narrow = new DisposableServer("MaxSessions 1");
        await narrow.Server.InitializeAsync();
        await using var client = new SshClient();
        var error = await Assert.ThrowsAsync<SshException>(() => client.RunAsync(narrow.Server.Connection, "true"));
        Assert.Contains("MaxSessions in its sshd_config must be 2 at least", error.Message, StringComparison.Ordinal);
    }

    [SshTheory]
    [InlineData("echo 'Please log in as the user admin.'; exit 1", "it says: “Please log in as the user admin.”")]
    [InlineData("echo 'Please log in'; echo 'as admin.'", "it says: “Please log in as admin.”")]
    [InlineData("echo 'This account is not available.' >&2; exit 1", "it says: “This account is not available.”")]
    [InlineData("exit 1", "and said nothing")]
    public async Task Quotes_a_host_that_answers_with_words_instead_of_running_the_command(string answer, string quoted)
    {
        await using var host = new DisposableServer("ForceCommand " + answer);
        await host.Server.InitializeAsync();
        await using var client = new SshClient();
        var error = await Assert.ThrowsAsync<SshException>(
            () => client.RunAsync(host.Server.Connection with { DialErrorLimit = 0 }, "true"));
        Assert.Contains("let this user in and ran no command", error.Message, StringComparison.Ordinal);
        Assert.Contains(quoted, error.Message, StringComparison.Ordinal);
    }

    [CshFact]
    public async Task Reaches_a_user_whose_login_shell_is_csh()
    {
        // The same as such a login shell: it is handed the command line as it came.
        await using var host = new DisposableServer("ForceCommand exec tcsh -c \"$SSH_ORIGINAL_COMMAND\"");
        await host.Server.InitializeAsync();
        await using var client = new SshClient();
        Assert.Equal(
            new SshResult(0, "tcsh given\n", ""), await client.RunAsync(host.Server.Connection, "echo `basename $shell` `cat`", "given"));
    }

    private sealed class CshFactAttribute : FactAttribute
    {
        public CshFactAttribute() =>
            Skip = SshServer.Missing ?? (File.Exists("/usr/bin/tcsh") ? null : "needs the C shell on this machine (package tcsh)");
    }

    private sealed class DisposableServer(string more = "") : IAsyncDisposable
    {
        public SshServer Server { get; } = new() { More = more };

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
