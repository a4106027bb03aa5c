using System.Collections.Concurrent;

namespace PostgresHa.Offline;

/// <summary>Runs commands on hosts with the OpenSSH client of this machine; one connection per host, verified by the host's key.</summary>
public sealed class SshClient : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly Lazy<SshFiles> _files = new(() => new SshFiles());
    private readonly ConcurrentDictionary<SshConnection, SshLink> _links = new();

    /// <summary>Whether any connection was asked for.</summary>
    internal bool Used => _files.IsValueCreated;

    /// <summary>Runs a command on a host.</summary>
    /// <param name="connection">How the host is reached.</param>
    /// <param name="command">The command line for the user's shell there. Visible to others on both machines: nothing secret.</param>
    /// <param name="stdin">What the command reads from its standard input; null for nothing.</param>
    /// <param name="environment">Variables for the command, as far as the server accepts them; null for none.</param>
    /// <param name="onLine">Told of each line of output as it comes; the flag is true for standard error.</param>
    /// <param name="kill">Ends the command's client at once.</param>
    /// <returns>How the command ended, whatever its exit code.</returns>
    /// <exception cref="SshException">The host can't be reached, or the connection was lost.</exception>
    public Task<SshResult> RunAsync(
        SshConnection connection,
        string command,
        string? stdin = null,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string, bool>? onLine = null,
        CancellationToken kill = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(command);
        return _links.GetOrAdd(connection, key => new SshLink(key, _files.Value))
            .RunAsync(command, stdin, environment ?? NoVariables, onLine, kill);
    }

    /// <summary>Ends all connections and removes every file.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_links.Values.Select(link => link.DisposeAsync().AsTask()));
        _links.Clear();
        if (_files.IsValueCreated)
        {
            _files.Value.Dispose();
        }
    }
}
