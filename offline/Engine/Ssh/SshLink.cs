using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PostgresHa.Offline;

/// <summary>The one connection to a host that all commands for it share.</summary>
/// <remarks>
/// Connecting and running are two steps, so that it is always known whether a command may have begun: connecting is tried again, a command
/// that may have begun never is. The connection carries a command of its own that ends with this process, however that ends.
/// </remarks>
internal sealed partial class SshLink : IAsyncDisposable
{
    // sshd's MaxSessions is 10 unless its administrator says less, one of which is the connection's own.
    private const int MaxSessions = 8;
    private const int LostConnection = 255;
    private const int LongestQuote = 300;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private readonly SshConnection _connection;
    private readonly SshFiles _files;
    private readonly SshArguments _arguments;
    private readonly SessionGate _sessions = new(MaxSessions);
    private readonly SessionGate _connecting = new(1);
    private SshProcess? _master;
    private (long At, SshException Error)? _givenUp;
    private string _socket = string.Empty;

    internal SshLink(SshConnection connection, SshFiles files)
    {
        _connection = connection;
        _files = files;
        _arguments = new SshArguments(connection, files);
    }

    internal async Task<SshResult> RunAsync(
        string command,
        string? stdin,
        IReadOnlyDictionary<string, string> environment,
        Action<string, bool>? onLine,
        CancellationToken kill)
    {
        await _sessions.EnterAsync(kill);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                await ConnectAsync(kill);
                await using var process = SshProcess.Start(
                    _arguments.Run(_socket, command, environment.Keys), stdin ?? string.Empty, environment, onLine);
                var result = await process.WaitAsync(kill);
                if (result.ExitCode != LostConnection)
                {
                    return result;
                }

                if (Refused().IsMatch(result.Stderr) && _sessions.GiveUp())
                {
                    // The host takes fewer at once: this one waits until another has ended, for as long as that takes.
                    await _sessions.EnterAsync(kill);
                    attempt = 0;
                    continue;
                }

                if (NeverBegan().IsMatch(result.Stderr) && attempt < Math.Max(_connection.DialErrorLimit, 2))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(300 * attempt), kill);
                    continue;
                }

                if (Refused().IsMatch(result.Stderr))
                {
                    throw new SshException(
                        $"{_connection} opens no session for the command ({LastLine(result.Stderr)}). MaxSessions in its "
                        + "sshd_config must be 2 at least.");
                }

                // A command may itself end with 255. Only when the connection is gone was it cut off.
                await Task.Delay(TimeSpan.FromMilliseconds(200), kill);
                return _master is { HasExited: false } ? result : throw new SshException(
                    ($"The connection to {_connection} was lost while the command ran; how far it came is not known. "
                    + LastLine(result.Stderr)).TrimEnd());
            }
        }
        finally
        {
            _sessions.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_master is not null)
        {
            await _master.DisposeAsync();
        }
    }

    // What the client says when it could not even ask for a session.
    [GeneratedRegex(
        "Session open refused|session request failed|Control socket connect|Connection closed by UNKNOWN|kex_exchange_identification",
        RegexOptions.CultureInvariant)]
    private static partial Regex NeverBegan();

    [GeneratedRegex("Session open refused|session request failed", RegexOptions.CultureInvariant)]
    private static partial Regex Refused();

    // Trying again does not help against these. PAM refuses everybody while a host boots, which passes.
    [GeneratedRegex(
        "Host key verification failed|Permission denied|Too many authentication failures|invalid format|error in "
        + "libcrypto|Could not resolve hostname",
        RegexOptions.CultureInvariant)]
    private static partial Regex Hopeless();

    [GeneratedRegex("booting up|nologin|shut ?down", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Booting();

    private async Task ConnectAsync(CancellationToken kill)
    {
        if (_master is { HasExited: false })
        {
            return;
        }

        var asked = Stopwatch.GetTimestamp();
        await _connecting.EnterAsync(kill);
        try
        {
            // Whoever waited meanwhile does not try all of it once more: a dead host would be dialled for each of its commands.
            if (_givenUp is { } before && before.At > asked)
            {
                throw before.Error;
            }

            var pause = TimeSpan.FromSeconds(0.5);
            for (var attempt = 1; _master is not { HasExited: false }; attempt++)
            {
                if (await TryConnectAsync(kill) is not var (error, answered))
                {
                    return;
                }

                var hopeless = (answered || Hopeless().IsMatch(error)) && !Booting().IsMatch(error);
                if (hopeless || (_connection.DialErrorLimit > 0 && attempt >= _connection.DialErrorLimit))
                {
                    var failure = new SshException(answered ? Quote(error) : Explain(error, attempt));
                    _givenUp = (Stopwatch.GetTimestamp(), failure);
                    throw failure;
                }

                await Task.Delay(pause, kill);
                pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
            }
        }
        finally
        {
            _connecting.Leave();
        }
    }

    // Null when connected, else what was said: by the client, or by the host, which let it in and then ran something else than it was asked
    // to.
    private async Task<(string Error, bool Answered)?> TryConnectAsync(CancellationToken kill)
    {
        if (_master is not null)
        {
            await _master.DisposeAsync();
            _master = null;
        }

        _socket = _files.Socket();
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arguments = _arguments.Connect(_socket, out var environment);
        var master = SshProcess.Start(arguments, stdin: null, environment, (line, isError) =>
        {
            if (!isError && line.Contains(SshArguments.Mark, StringComparison.Ordinal))
            {
                connected.TrySetResult();
            }
        });
        var ended = master.WaitAsync(kill);
        // The client's own limit covers the connection, not a server that then says nothing.
        var limit = Task.Delay(TimeSpan.FromSeconds(Math.Max(_connection.PerDialTimeout, 1) + 5), kill);
        await Task.WhenAny(connected.Task, ended, limit);
        if (connected.Task.IsCompleted)
        {
            _master = master;
            return null;
        }

        kill.ThrowIfCancellationRequested();
        var result = ended.IsCompleted ? await ended : new SshResult(LostConnection, string.Empty, "no answer in time");
        master.Kill();
        await master.DisposeAsync();
        var answered = result.ExitCode != LostConnection || result.Stdout.Trim().Length > 0;
        return ((answered ? result.Stdout + "\n" + result.Stderr : result.Stderr).Trim(), answered);
    }

    private string Explain(string error, int attempts)
    {
        var said = LastLine(error);
        if (error.Contains("Host key verification failed", StringComparison.Ordinal))
        {
            return $"{_connection} shows another host key than the configured one, so it may not be the host it should be. If it was set "
                + "up anew, put its new key into the configuration.";
        }

        if (error.Contains("Permission denied", StringComparison.Ordinal))
        {
            return $"{_connection} refused the login ({said}); check user and key.";
        }

        return attempts == 1
            ? $"{_connection} cannot be reached: {said}"
            : $"{_connection} cannot be reached after {attempts} tries: {said}";
    }

    private string Quote(string words)
    {
        var said = string.Join(' ', words.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        said = said.Length > LongestQuote ? said[..LongestQuote] + "…" : said;
        return $"{_connection} let this user in and ran no command{(said.Length > 0 ? $"; it says: “{said}”" : " and said nothing")}. "
            + "Log in as another user, or give this one a shell.";
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1].Trim();
}
