using System.Text.Json;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>Asks all hosts at once, each within a limit.</summary>
internal sealed class StatusCollector : IAsyncDisposable
{
    // Every question of the tool has its own, shorter limit.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly StackContext _context;
    private readonly ClusterSpecification _cluster;
    private readonly HostConnections _connections;
    private readonly SshClient _ssh = new();

    /// <summary>For a stack.</summary>
    /// <exception cref="CommandException">Its private key cannot be had.</exception>
    public StatusCollector(StackContext context)
    {
        _context = context;
        _cluster = context.Specification;
        _connections = new HostConnections(context);
    }

    /// <summary>Asks each host for its report, and for deviations if wanted, then judges.</summary>
    public async Task<ClusterStatus> CollectAsync(bool withDrift, CancellationToken cancellation)
    {
        var answers = Task.WhenAll(_cluster.Hosts.Select(host => ReportAsync(host, cancellation)));
        var drift = withDrift ? await Task.WhenAll(_cluster.Hosts.Select(host => DriftAsync(host, cancellation))) : null;
        return StatusJudge.Judge(
            _context.Stack,
            _cluster,
            await answers,
            drift?.Where(static pair => pair.Lines is not null)
                .ToDictionary(static pair => pair.Host, static pair => pair.Lines!, StringComparer.Ordinal),
            DateTimeOffset.UtcNow);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ssh.DisposeAsync();

    private async Task<HostAnswer> ReportAsync(HostSpecification host, CancellationToken cancellation)
    {
        var (result, failure) = await AskAsync(host, StatusQuestion.Report(_cluster, host), cancellation);
        if (result is null)
        {
            return new HostAnswer(host.Name, null, failure);
        }

        try
        {
            return result.ExitCode == 0
                ? new HostAnswer(host.Name, HostReportReader.Read(result.Stdout, _cluster), null)
                : new HostAnswer(host.Name, null, Explain(result));
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return new HostAnswer(host.Name, null, $"its answer could not be read ({error.Message})");
        }
    }

    private async Task<(string Host, IReadOnlyList<string>? Lines)> DriftAsync(HostSpecification host, CancellationToken cancellation)
    {
        var (result, _) = await AskAsync(host, StatusQuestion.Drift(_cluster, host, _context.FullName), cancellation);
        return result switch
        {
            // A host that cannot be asked is a problem already.
            null => (host.Name, null),
            { ExitCode: 0 } => (host.Name, []),
            { ExitCode: StatusQuestion.DriftFound } => (host.Name, StatusQuestion.Deviations(result.Stdout)),
            _ => (host.Name, [$"could not be compared: {Explain(result)}"]),
        };
    }

    private async Task<(SshResult? Result, string? Failure)> AskAsync(
        HostSpecification host, string command, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            return (await _ssh.RunAsync(_connections.To(host), command, kill: limit.Token), null);
        }
        catch (SshException error)
        {
            return (null, error.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"no answer within {Limit.TotalSeconds:0} s");
        }
    }

    private static string Explain(SshResult result)
    {
        var said = result.Stderr.Trim();
        return StatusQuestion.LacksTool(result)
            ? StatusQuestion.NothingApplied
            // What argparse says of options that the tool does not have, or misses.
            : said.Contains(": error: unrecognized arguments", StringComparison.Ordinal)
                || said.Contains(": error: the following arguments are required", StringComparison.Ordinal)
                ? StatusQuestion.OtherTools
            : said.Length > 0 ? said.Split('\n')[^1] : $"its tool ended with {result.ExitCode}";
    }
}
