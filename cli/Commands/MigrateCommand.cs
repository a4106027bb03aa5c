using System.CommandLine;
using PostgresHa.Cli.Display;
using PostgresHa.Cli.Migration;
using PostgresHa.Components.Hosts;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha migrate</c>: the changes of what a cluster is known by that can be made while it runs.</summary>
public static class MigrateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask. Not needed for the lab." };
        var command = new Command(
            "migrate",
            "Move data directories, and give hosts other names, as the stack file asks, one member after the other, the leader last by a "
            + "switchover; then apply the stack.")
        {
            stack, yes,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var context = StackContext.Load(
                Project.Find(result.GetValue(CommonOptions.Project)), CommonOptions.StackName(result, stack), withoutLab: false);
            NamespaceEntry.Enter(context.Specification);
            await using var run = new MigrationRun(context);
            var moves = await run.PlanAsync(cancellation);
            // Where Pulumi has the state, it applies the stack.
            var known = StackEngine.Identity(context);
            if (known is null && moves.FirstOrDefault(static move => move.IsRenamed) is { } renamed)
            {
                throw new CommandException(
                    $"Nothing was touched: {renamed.Name} cannot be renamed in a stack that Pulumi applies, which would remove everything "
                    + "under the old name from the host after it was made under the new one; put the name back.");
            }

            if (!Show(moves))
            {
                Terminal.Output.Line("Every host has the names and directories of the stack file.");
            }
            else if (!result.GetValue(yes) && !context.IsLab && !Confirm(context.Stack))
            {
                Terminal.Errors.Line("pgha: nothing was moved.");
                return 1;
            }
            else
            {
                if (known is not null)
                {
                    // Cut off, and the former values put back: the hosts are asked, though the stack is as it was applied.
                    await StackEngine.For(context).RedoAsync(
                        "migrate", static name => name.StartsWith(HostSetup.PreflightMark, StringComparison.Ordinal));
                }

                await MoveAllAsync(run, moves, cancellation);
            }

            if (known is null)
            {
                Terminal.Output.Line($"Now have the stack applied: pulumi up --stack {context.Stack}");
                return 0;
            }

            try
            {
                return await ShownRun.UpAsync(StackEngine.For(context), Former(known, context.Specification), cancellation);
            }
            finally
            {
                if (context.IsLab)
                {
                    LabOwnership.HandOver(LabContext.Of(context));
                }
            }
        });
        return command;
    }

    // The names of hosts that have another one by now: what is known under them is the host's still, and not taken away.
    private static List<string> Former(IReadOnlyDictionary<string, string> known, ClusterSpecification cluster)
    {
        var before = ClusterIdentity.Hosts(known);
        return
        [
            .. before.Keys.Where(name => cluster.Hosts.All(host => host.Name != name)
                && cluster.Hosts.Any(host => host.Address == before[name])),
        ];
    }

    private static bool Show(IReadOnlyList<HostMove> moves)
    {
        var changes = moves.Where(static move => move.Differences.Count > 0).ToList();
        foreach (var move in changes)
        {
            Terminal.Output.Line($"{move.Name}:");
            foreach (var one in move.Differences)
            {
                Terminal.Output.Line($"  {(one.Key == ClusterIdentity.Member ? "name" : one.Key)}: {one.Former} → {one.Wanted}");
            }
        }

        return changes.Count > 0;
    }

    private static async Task MoveAllAsync(MigrationRun run, IReadOnlyList<HostMove> moves, CancellationToken cancellation)
    {
        Queue<HostMove> waiting = new(moves.Where(static move => move.Differences.Count > 0));
        List<HostMove> leaders = [];
        while (waiting.TryDequeue(out var move))
        {
            if (!await run.MoveAsync(moves, move, unlessLeader: true, cancellation))
            {
                leaders.Add(move);
            }
        }

        foreach (var move in leaders)
        {
            await run.MoveAsync(moves, move, unlessLeader: false, cancellation);
        }
    }

    private static bool Confirm(string stack)
    {
        if (Console.IsInputRedirected)
        {
            throw new CommandException($"migrate of stack {stack} has nobody to ask; give --yes if it is meant.");
        }

        Console.Write($"PostgreSQL is stopped on one host after the other. Type the name of the stack to go on ({stack}): ");
        return Console.ReadLine()?.Trim() == stack;
    }
}
