using System.Text.Json;
using PostgresHa.Cli.Status;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Bill;

/// <summary>Asks all hosts at once what the stack has put on them; changes nothing there.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="stack">Name of the stack, for what is to be done where a host has no answer.</param>
/// <param name="connect">How a host is dialled.</param>
internal sealed class BillCollector(ClusterSpecification cluster, string stack, Func<HostSpecification, SshConnection> connect)
    : IAsyncDisposable
{
    // A package database and some programs are read: seconds, unless the host is busy.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SshClient _ssh = new();

    /// <summary>The answers, in the order of the stack file.</summary>
    /// <exception cref="CommandException">A host has none, or lacks a part; the message names each with the reason.</exception>
    public async Task<IReadOnlyList<(HostSpecification Host, HostBill Bill)>> CollectAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(cluster.Hosts.Select(host => AskAsync(host, cancellation)));
        var failures = answers.Where(static answer => answer.Failure is not null).ToList();
        return failures.Count == 0
            ? [.. answers.Select(static answer => (answer.Host, answer.Bill!))]
            // Half a bill would be taken for a whole one.
            : throw new CommandException(
                "There is no bill without all hosts:\n"
                + string.Join('\n', failures.Select(static answer => $"  {answer.Host.Name}: {answer.Failure}")));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ssh.DisposeAsync();

    private async Task<(HostSpecification Host, HostBill? Bill, string? Failure)> AskAsync(
        HostSpecification host, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            var result = await _ssh.RunAsync(
                connect(host), BillQuestion.CommandLine(cluster), stdin: BillQuestion.Stdin(cluster, host), kill: limit.Token);
            if (result.ExitCode != 0)
            {
                return (host, null, Explain(result));
            }

            var bill = HostBill.Read(result.Stdout);
            return bill.Missing.Count == 0
                ? (host, bill, null)
                : (host, null, $"lacks {string.Join(", ", bill.Missing)}; apply the stack first: ./pgha up --stack {stack}");
        }
        catch (SshException error)
        {
            return (host, null, error.Message.TrimEnd('.'));
        }
        catch (JsonException error)
        {
            return (host, null, $"its answer could not be read ({error.Message})");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (host, null, $"no answer within {Limit.TotalMinutes:0} min");
        }
    }

    private string Explain(SshResult result)
    {
        var said = result.Stderr.Trim();
        return StatusQuestion.LacksTool(result)
            ? $"has no tool {BillQuestion.Tool}: nothing was applied to it yet, or by an older version of this program only; "
                + $"apply the stack first: ./pgha up --stack {stack}"
            : said.Length > 0 ? said.Split('\n')[^1] : $"its tool ended with {result.ExitCode}";
    }
}
