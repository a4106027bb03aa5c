using PostgresHa.Components.Remote;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>Runs commands as root on the hosts, each within a limit; hosts come and go meanwhile.</summary>
internal sealed class HostShell(CurrentStack stack) : IAsyncDisposable
{
    private readonly ClusterSpecification _cluster = stack.Stack.Specification;
    private readonly Lock _only = new();
    private readonly Dictionary<string, SshClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Runs a tool.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="CommandException">It failed, or did not end within the limit.</exception>
    public async Task<string> RunAsync(
        HostSpecification host, IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        try
        {
            var result = await Client(host).RunAsync(stack.To(host), Line(command), kill: bounded.Token);
            return result.ExitCode == 0
                ? result.Stdout
                : throw new CommandException(
                    $"{Path.GetFileName(command[0])} on {host.Name} ended with {result.ExitCode}: "
                    + $"{(result.Stderr + result.Stdout).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await ForgetAsync(host);
            throw new CommandException($"{Path.GetFileName(command[0])} on {host.Name} did not end within {limit.TotalSeconds:0} s.");
        }
        catch (SshException error)
        {
            await ForgetAsync(host);
            throw new CommandException(error.Message, error);
        }
    }

    /// <summary>Runs a tool that goes on until it is told to stop, and passes its lines on.</summary>
    public Task<SshResult> FollowAsync(
        HostSpecification host, IReadOnlyList<string> command, Action<string> onLine, CancellationToken stop) =>
        Client(host).RunAsync(
            stack.To(host),
            Line(command),
            onLine: (line, isError) =>
            {
                if (!isError)
                {
                    onLine(line);
                }
            },
            kill: stop);

    /// <summary>Drops the connection to a host that is gone: it would be waited for until it gave up by itself.</summary>
    public async Task ForgetAsync(HostSpecification host)
    {
        SshClient? client;
        lock (_only)
        {
            _clients.Remove(host.Name, out client);
        }

        if (client is not null)
        {
            await client.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in _cluster.Hosts)
        {
            await ForgetAsync(host);
        }
    }

    private SshClient Client(HostSpecification host)
    {
        lock (_only)
        {
            return _clients.TryGetValue(host.Name, out var client) ? client : _clients[host.Name] = new SshClient();
        }
    }

    private string Line(IReadOnlyList<string> command) => HostCommand.AsRoot(_cluster, command);
}
