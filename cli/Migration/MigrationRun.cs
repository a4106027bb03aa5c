using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Migration;

/// <summary>Brings members to the names and data directories that the stack asks for, one after the other, the leader last.</summary>
/// <param name="context">The stack.</param>
internal sealed class MigrationRun(StackContext context) : IAsyncDisposable
{
    // A copy to another file system takes as long as the database is large.
    private static readonly TimeSpan MoveLimit = TimeSpan.FromHours(24);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(30);

    private readonly ClusterSpecification _cluster = context.Specification;
    private readonly HostConnections _connections = new(context);
    private readonly SshClient _ssh = new();

    /// <summary>Asks every host what it is known by.</summary>
    /// <returns>The hosts in the order of the stack file.</returns>
    /// <exception cref="CommandException">
    /// One does not say, or something is to change that cannot be moved, or too much at once.
    /// </exception>
    public async Task<IReadOnlyList<HostMove>> PlanAsync(CancellationToken cancellation)
    {
        var moves = await Task.WhenAll(_cluster.Hosts.Select(host => AskAsync(host, cancellation)));
        var fixedOnes = moves.SelectMany(static move => move.Differences.Where(static one => !one.CanMove).Select(one =>
                $"  {move.Name}: {one.Key} is {one.Former}, the stack says {one.Wanted}"))
            .ToList();
        if (fixedOnes.Count > 0)
        {
            throw new CommandException(
                "Nothing was touched: this cannot be moved; put it back in the stack file:\n" + string.Join('\n', fixedOnes));
        }

        // The members of the etcd cluster that are renamed count as new ones for whoever compares names.
        var renamed = moves.Count(static move => move.IsRenamed);
        return renamed * 2 < _cluster.EtcdHosts.Count
            ? moves
            : throw new CommandException(
                $"Nothing was touched: {renamed} of {moves.Length} hosts would be renamed; change less than half of the names at a time.");
    }

    /// <summary>Moves a host's member.</summary>
    /// <param name="moves">The plan, of which it is one.</param>
    /// <param name="move">The host.</param>
    /// <param name="unlessLeader">Whether it is left alone while it leads.</param>
    /// <param name="cancellation">Leaves the host to itself, which then ends what it has begun or is asked again.</param>
    /// <returns>False when it was left alone.</returns>
    /// <exception cref="CommandException">It failed; the host says why.</exception>
    public async Task<bool> MoveAsync(
        IReadOnlyList<HostMove> moves, HostMove move, bool unlessLeader, CancellationToken cancellation)
    {
        var result = await RunAsync(
            move.Host,
            MigrationCommandLine.For(_cluster, move.Host, [.. moves.Select(static one => one.Name)], unlessLeader),
            MigrationCommandLine.Script,
            line => Terminal.Output.Line($"  {move.Name}: {line}"),
            MoveLimit,
            cancellation);
        return result.ExitCode switch
        {
            0 => true,
            MigrationCommandLine.Leads => false,
            _ => throw new CommandException(
                $"{move.Name} was not moved: {result.Stderr.Trim()}\nRun the command again once that is mended; it goes on where it was. "
                + "With the former values in the stack file it leads back."),
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ssh.DisposeAsync();

    private async Task<HostMove> AskAsync(HostSpecification host, CancellationToken cancellation)
    {
        var result = await RunAsync(
            host, HostCommand.AsRoot(_cluster, ["cat", HostSetup.IdentityPath]), null, null, ReadLimit, cancellation);
        if (result.ExitCode != 0)
        {
            throw new CommandException(
                $"{host.Name} ({host.Address}) does not say what it is known by: {result.Stderr.Trim()}; apply the stack with its former "
                + "values first. Nothing was touched.");
        }

        var differences = ClusterIdentity.Differences(result.Stdout, context.FullName, _cluster, host);
        return new HostMove(
            host,
            differences.FirstOrDefault(static one => one.Key == ClusterIdentity.Member)?.Former ?? host.Name,
            differences);
    }

    private async Task<SshResult> RunAsync(
        HostSpecification host, string command, string? stdin, Action<string>? onLine, TimeSpan limit, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        try
        {
            return await _ssh.RunAsync(
                _connections.To(host),
                command,
                stdin,
                onLine: (line, isError) =>
                {
                    if (!isError)
                    {
                        onLine?.Invoke(line);
                    }
                },
                kill: bounded.Token);
        }
        catch (SshException error)
        {
            throw new CommandException(error.Message, error);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException($"{host.Name} did not answer within {limit.TotalSeconds:0} s.");
        }
    }
}
