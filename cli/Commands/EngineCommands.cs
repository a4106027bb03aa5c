using System.CommandLine;
using PostgresHa.Cli.Display;
using PostgresHa.Cli.Status;
using PostgresHa.Offline;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha up</c>, <c>preview</c>, <c>destroy</c> and <c>outputs</c>: the stack by the offline engine.</summary>
public static class EngineCommands
{
    /// <summary><c>pgha up</c>.</summary>
    public static Command Up()
    {
        var stack = CommonOptions.Stack();
        var command = new Command("up", "Apply the stack to its hosts. Only what differs is touched.") { stack };
        command.SetAction(async (result, cancellation) =>
        {
            var context = Load(result, stack, withoutLab: false);
            NamespaceEntry.Enter(context.Specification);
            StackIdentity.Require(context);
            try
            {
                return await ShownRun.UpAsync(StackEngine.For(context), cancellation);
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

    /// <summary><c>pgha preview</c>.</summary>
    public static Command Preview()
    {
        var stack = CommonOptions.Stack();
        var json = CommonOptions.Json();
        var running = new Option<bool>("--running")
        {
            Description = "Also ask the hosts for Patroni's running dynamic configuration, and show what of it up would change: what a "
                + "DBA set by hand (edit-config).",
        };
        var command = new Command(
            "preview", "Show each line that up would change on each host, and no secret. Needs no network, unless --running asks for it.")
        {
            stack, json, running,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var context = Load(result, stack, withoutLab: true);
            var asks = result.GetValue(running);
            if (asks)
            {
                NamespaceEntry.Enter(context.Specification);
            }

            _ = context.Specification;
            StackIdentity.Require(context);
            var code = await ShownRun.PreviewAsync(StackEngine.For(context), result.GetValue(json), cancellation);
            return code == 0 && asks
                ? await ShowRunningAsync(context, result.GetValue(json) ? Console.Error : Console.Out, cancellation)
                : code;
        });
        return command;
    }

    private static async Task<int> ShowRunningAsync(StackContext context, TextWriter output, CancellationToken cancellation)
    {
        await using var collector = new StatusCollector(context);
        var status = await collector.CollectAsync(withDrift: false, cancellation);
        if (status.Leader is null)
        {
            throw new CommandException("The running dynamic configuration cannot be had, since there is no leader: see ./pgha status.");
        }

        output.WriteLine(status.Configuration.Count == 0
            ? "The running dynamic configuration is as the stack file asks."
            : "The running dynamic configuration, which the next up that changes Patroni's sets right:");
        foreach (var difference in status.Configuration)
        {
            output.WriteLine($"  {(difference.Asked is null ? '-' : difference.Running is null ? '+' : '~')} {difference}");
        }

        return 0;
    }

    /// <summary><c>pgha destroy</c>.</summary>
    public static Command Destroy()
    {
        var stack = CommonOptions.Stack();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask. Not needed for the lab." };
        var command = new Command(
            "destroy", "Stop and disable the services and remove the files that were written. Data, users, packages and builds stay.")
        {
            stack, yes,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var context = Load(result, stack, withoutLab: false);
            NamespaceEntry.Enter(context.Specification);
            var engine = StackEngine.For(context);
            if (!result.GetValue(yes) && !context.IsLab && !await ConfirmAsync(engine))
            {
                Console.Error.WriteLine("pgha: nothing was destroyed.");
                return 1;
            }

            return await ShownRun.DestroyAsync(engine, cancellation);
        });
        return command;
    }

    /// <summary><c>pgha outputs</c>.</summary>
    public static Command Outputs()
    {
        var stack = CommonOptions.Stack();
        var json = CommonOptions.Json();
        var name = new Argument<string?>("NAME") { Description = "Only this output, bare. Default: all.", Arity = ArgumentArity.ZeroOrOne };
        var secrets = new Option<bool>("--show-secrets") { Description = "Show passwords in plain text." };
        var command = new Command("outputs", "Show the stack's outputs: endpoints, and the passwords if asked.")
        {
            name, stack, json, secrets,
        };
        command.SetAction(async (result, _) =>
        {
            var engine = StackEngine.For(Load(result, stack, withoutLab: true));
            var outputs = await engine.OutputsAsync();
            if (outputs.Count == 0)
            {
                throw new CommandException($"Stack {engine.Settings.Stack} has no outputs yet; apply it first.");
            }

            return ShownRun.Outputs(engine.Settings.Stack, outputs, result.GetValue(name), result.GetValue(secrets), result.GetValue(json));
        });
        return command;
    }

    private static StackContext Load(ParseResult result, Option<string?> stack, bool withoutLab) => StackContext.Load(
        Project.Find(result.GetValue(CommonOptions.Project)), CommonOptions.StackName(result, stack), withoutLab);

    private static async Task<bool> ConfirmAsync(OfflineEngine engine)
    {
        var stack = engine.Settings.Stack;
        if (Console.IsInputRedirected)
        {
            throw new CommandException($"destroy of stack {stack} has nobody to ask; give --yes if it is meant.");
        }

        if (await ShownRun.PreviewDestroyAsync(engine) == 0)
        {
            return true;
        }

        Console.Write($"Type the name of the stack to destroy it ({stack}): ");
        return Console.ReadLine()?.Trim() == stack;
    }
}
