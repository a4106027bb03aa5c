using System.Globalization;
using System.Text.RegularExpressions;

namespace PostgresHa.Offline;

/// <summary>The one connection to a host that all commands for it share.</summary>
/// <remarks>
/// Connecting and running are two steps, so that it is always known whether a command may have begun: connecting is tried again, a command
/// that may have begun never is. The connection carries a command of its own that ends with this process, however that ends.
/// </remarks>
internal sealed partial class SshLink : IAsyncDisposable
{
    // sshd's MaxSessions is 10, one of which is the connection's own.
    private const int MaxSessions = 8;
    private const int LostConnection = 255;
    private const int AliveSeconds = 10;
    private const int AliveTries = 4;
    private const string Mark = "pgha-connected";
    // The client looks host keys up by this name instead of the address, so the file needs one line whatever the port is.
    private const string Alias = "pgha-host";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private readonly SshConnection _connection;
    private readonly SshFiles _files;
    private readonly SemaphoreSlim _sessions = new(MaxSessions);
    private readonly SemaphoreSlim _connecting = new(1);
    private SshProcess? _master;
    private string _socket = string.Empty;

    internal SshLink(SshConnection connection, SshFiles files)
    {
        _connection = connection;
        _files = files;
    }

    internal async Task<SshResult> RunAsync(
        string command, string? stdin, IReadOnlyDictionary<string, string> environment, Action<string, bool>? onLine, CancellationToken kill)
    {
        await _sessions.WaitAsync(kill).ConfigureAwait(false);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                await ConnectAsync(kill).ConfigureAwait(false);
                await using var process = SshProcess.Start(CommandArguments(command, environment.Keys), stdin ?? string.Empty, environment, onLine);
                var result = await process.WaitAsync(kill).ConfigureAwait(false);
                if (result.ExitCode != LostConnection)
                {
                    return result;
                }

                if (NeverBegan().IsMatch(result.Stderr) && attempt < Math.Max(_connection.DialErrorLimit, 2))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(300 * attempt), kill).ConfigureAwait(false);
                    continue;
                }

                // A command may itself end with 255. Only when the connection is gone was it cut off.
                await Task.Delay(TimeSpan.FromMilliseconds(200), kill).ConfigureAwait(false);
                return _master is { HasExited: false }
                    ? result
                    : throw new SshException($"The connection to {_connection} was lost while the command ran; how far it came is not known. {LastLine(result.Stderr)}".TrimEnd());
            }
        }
        finally
        {
            _sessions.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_master is not null)
        {
            await _master.DisposeAsync().ConfigureAwait(false);
        }

        _sessions.Dispose();
        _connecting.Dispose();
    }

    // What the client says when it could not even ask for a session.
    [GeneratedRegex("Session open refused|session request failed|Control socket connect|Connection closed by UNKNOWN|kex_exchange_identification", RegexOptions.CultureInvariant)]
    private static partial Regex NeverBegan();

    // Trying again does not help against these. PAM refuses everybody while a host boots, which passes.
    [GeneratedRegex("Host key verification failed|Permission denied|Too many authentication failures|invalid format|error in libcrypto|Could not resolve hostname", RegexOptions.CultureInvariant)]
    private static partial Regex Hopeless();

    [GeneratedRegex("booting up|nologin|shut ?down", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Booting();

    private async Task ConnectAsync(CancellationToken kill)
    {
        if (_master is { HasExited: false })
        {
            return;
        }

        await _connecting.WaitAsync(kill).ConfigureAwait(false);
        try
        {
            var pause = TimeSpan.FromSeconds(0.5);
            for (var attempt = 1; _master is not { HasExited: false }; attempt++)
            {
                if (await TryConnectAsync(kill).ConfigureAwait(false) is not { } error)
                {
                    return;
                }

                var hopeless = Hopeless().IsMatch(error) && !Booting().IsMatch(error);
                if (hopeless || (_connection.DialErrorLimit > 0 && attempt >= _connection.DialErrorLimit))
                {
                    throw new SshException(Explain(error, attempt));
                }

                await Task.Delay(pause, kill).ConfigureAwait(false);
                pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
            }
        }
        finally
        {
            _connecting.Release();
        }
    }

    // Null when connected, else what the client said.
    private async Task<string?> TryConnectAsync(CancellationToken kill)
    {
        if (_master is not null)
        {
            await _master.DisposeAsync().ConfigureAwait(false);
            _master = null;
        }

        _socket = _files.Socket();
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arguments = MasterArguments(out var environment);
        var master = SshProcess.Start(arguments, stdin: null, environment, (line, isError) =>
        {
            if (!isError && line.Contains(Mark, StringComparison.Ordinal))
            {
                connected.TrySetResult();
            }
        });
        var ended = master.WaitAsync(kill);
        // The client's own limit covers the connection, not a server that then says nothing.
        var limit = Task.Delay(TimeSpan.FromSeconds(Math.Max(_connection.PerDialTimeout, 1) + 5), kill);
        await Task.WhenAny(connected.Task, ended, limit).ConfigureAwait(false);
        if (connected.Task.IsCompleted)
        {
            _master = master;
            return null;
        }

        kill.ThrowIfCancellationRequested();
        var error = ended.IsCompleted ? (await ended.ConfigureAwait(false)).Stderr : "no answer in time";
        master.Kill();
        await master.DisposeAsync().ConfigureAwait(false);
        return error.Trim();
    }

    private List<string> MasterArguments(out Dictionary<string, string> environment)
    {
        environment = [];
        var arguments = Options(_connection);
        arguments.AddRange(["-T", "-M", "-S", _socket, "-o", "ControlPersist=no"]);
        if (_connection.Proxy is { } proxy)
        {
            var jump = Options(proxy);
            arguments.AddRange(["-o", "ProxyCommand=ssh " + string.Join(' ', jump.Select(Quote)) + " -W '[%h]:%p' -- " + Quote(proxy.Host)]);
        }

        if (Answers(_connection) + (_connection.Proxy is null ? null : Answers(_connection.Proxy)) is { Length: > 0 } answers)
        {
            environment["SSH_ASKPASS"] = _files.Script($"#!/bin/sh\ncase $1 in\n{answers}esac\nexit 1\n");
            environment["SSH_ASKPASS_REQUIRE"] = "force";
        }

        arguments.AddRange(["--", _connection.Host, $"echo {Mark}; exec cat >/dev/null"]);
        return arguments;
    }

    private List<string> CommandArguments(string command, IEnumerable<string> variables)
    {
        // Without the shared connection it must fail rather than make one of its own.
        List<string> arguments =
            ["-F", "none", "-T", "-S", _socket, "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"];
        foreach (var variable in variables)
        {
            arguments.AddRange(["-o", "SendEnv=" + variable]);
        }

        arguments.AddRange(["-l", _connection.User, "-p", _connection.Port.ToString(CultureInfo.InvariantCulture), "--", _connection.Host, command]);
        return arguments;
    }

    private List<string> Options(SshConnection connection)
    {
        if (string.IsNullOrWhiteSpace(connection.HostKey))
        {
            throw new SshException($"{connection}: no host key is configured, so the host cannot be told from an impostor; no connection is made.");
        }

        var interactive = connection.Password is not null || connection.PrivateKeyPassword is not null;
        // The user's own client configuration counts as little as it does for Pulumi.
        List<string> options =
        [
            "-F", "none",
            "-o", interactive ? "BatchMode=no" : "BatchMode=yes",
            "-o", "StrictHostKeyChecking=yes",
            "-o", "UserKnownHostsFile=" + _files.For($"{Alias} {connection.HostKey.Trim()}\n"),
            "-o", "GlobalKnownHostsFile=none",
            "-o", "HostKeyAlias=" + Alias,
            "-o", "UpdateHostKeys=no",
            "-o", "ConnectTimeout=" + Math.Max(connection.PerDialTimeout, 1).ToString(CultureInfo.InvariantCulture),
            "-o", "ServerAliveInterval=" + AliveSeconds.ToString(CultureInfo.InvariantCulture),
            "-o", "ServerAliveCountMax=" + AliveTries.ToString(CultureInfo.InvariantCulture),
            "-o", "LogLevel=ERROR",
            "-o", "NumberOfPasswordPrompts=1",
            "-o", connection.Password is null ? "PreferredAuthentications=publickey" : "PreferredAuthentications=publickey,password,keyboard-interactive",
            "-p", connection.Port.ToString(CultureInfo.InvariantCulture),
            "-l", connection.User,
        ];
        if (connection.PrivateKey is { } key)
        {
            options.AddRange(["-i", _files.For(key.TrimEnd() + "\n"), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"]);
        }
        else
        {
            options.AddRange(["-o", "IdentityFile=none"]);
            if ((connection.AgentSocketPath ?? Environment.GetEnvironmentVariable("SSH_AUTH_SOCK")) is { Length: > 0 } agent)
            {
                options.AddRange(["-o", "IdentityAgent=" + agent]);
            }
        }

        return options;
    }

    // Branches of the shell script that the client asks for passwords; they read them from files only this user can read.
    private string Answers(SshConnection connection)
    {
        var answers = string.Empty;
        if (connection.PrivateKeyPassword is { } passphrase && connection.PrivateKey is { } key)
        {
            answers += $"*passphrase*{Path.GetFileName(_files.For(key.TrimEnd() + "\n"))}*) exec cat {_files.For(passphrase + "\n")};;\n";
        }

        if (connection.Password is { } password)
        {
            answers += $"*@{Alias}*assword*|*assword*) exec cat {_files.For(password + "\n")};;\n";
        }

        return answers;
    }

    private string Explain(string error, int attempts)
    {
        var said = LastLine(error);
        if (error.Contains("Host key verification failed", StringComparison.Ordinal))
        {
            return $"{_connection} shows another host key than the configured one, so it may not be the host it should be. If it was set up anew, put its new key into the configuration.";
        }

        if (error.Contains("Permission denied", StringComparison.Ordinal))
        {
            return $"{_connection} refused the login ({said}); check user and key.";
        }

        return attempts == 1 ? $"{_connection} cannot be reached: {said}" : $"{_connection} cannot be reached after {attempts} tries: {said}";
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1].Trim();

    private static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
