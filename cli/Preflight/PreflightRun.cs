using PostgresHa.Components.Hosts;
using PostgresHa.Infra;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Preflight;

/// <summary>Asks hosts, all at once, what the stack's own preflight asks them; writes nothing there.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="stack">Its stack, as <c>PROJECT/STACK</c>.</param>
/// <param name="connect">How a host is dialled.</param>
internal sealed class PreflightRun(ClusterSpecification cluster, string stack, Func<HostSpecification, SshConnection> connect)
    : IAsyncDisposable
{
    // More than the script's own bounds add up to where repositories are slow, and nothing else of it takes long.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private readonly SshClient _ssh = new();

    /// <summary>The verdicts, in the order of the stack file; each may be awaited for itself.</summary>
    public IReadOnlyList<Task<HostVerdict>> Begin(CancellationToken cancellation) =>
    [
        .. cluster.Hosts.Select(host => AskAsync(host, cancellation)),
    ];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ssh.DisposeAsync();

    private async Task<HostVerdict> AskAsync(HostSpecification host, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            return HostVerdict.Read(
                host.Name,
                host.Address,
                await _ssh.RunAsync(
                    connect(host),
                    HostPreflight.CommandLine(ClusterServices.All, cluster, host, stack),
                    stdin: HostPreflight.Script,
                    kill: limit.Token));
        }
        catch (SshException error)
        {
            return HostVerdict.Silent(host.Name, host.Address, error.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return HostVerdict.Silent(host.Name, host.Address, $"no answer within {Limit.TotalMinutes:0} min");
        }
    }
}
