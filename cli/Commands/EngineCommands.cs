using System.CommandLine;
using PostgresHa.Cli.Consequences;
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
        var refuse = Refuse();
        var lost = new Option<string[]>("--lost")
        {
            Description = "A host that was taken out of the stack file and is gone for good: what is on it is forgotten, since it cannot "
                + "be removed any more. May be repeated.",
            HelpName = "HOST",
        };
        var command = new Command("up", "Apply the stack to its hosts. Only what differs is touched.") { stack, refuse, lost };
        command.SetAction(async (result, cancellation) =>
        {
            var context = Load(result, stack, withoutLab: false);
            NamespaceEntry.Enter(context.Specification);
            StackIdentity.Require(context);
            try
            {
                var engine = StackEngine.For(context);
                var gone = StackIdentity.Lost(context, result.GetValue(lost) ?? []);
                var refused = result.GetValue(refuse) ?? [];
                return refused.Count > 0 && await ShownRun.IsRefusedAsync(engine, context.Specification, refused, cancellation)
                    ? 1
                    : await ShownRun.UpAsync(engine, gone, cancellation);
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
        var refuse = Refuse();
        var command = new Command(
            "preview", "Show each line that up would change on each host, and no secret. Needs no network, unless --running asks for it.")
        {
            stack, json, running, refuse,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var context = Load(result, stack, withoutLab: true);
            var asks = result.GetValue(running);
            if (asks)
            {
                NamespaceEntry.Enter(context.Specification);
            }

            StackIdentity.Require(context);
            var code = await ShownRun.PreviewAsync(
                StackEngine.For(context), context.Specification, result.GetValue(refuse) ?? [], result.GetValue(json), cancellation);
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

    private static Option<IReadOnlyList<string>> Refuse()
    {
        var option = new Option<IReadOnlyList<string>>("--refuse")
        {
            Description = "For change windows: end with exit code 1, before anything is touched, if this would or might happen. KIND is "
                + $"one or more of {string.Join(", ", RefusedKinds.Names)}, with commas or given several times; restart is that of any "
                + "service, PostgreSQL's too.",
            HelpName = "KIND",
            AllowMultipleArgumentsPerToken = false,
            Arity = ArgumentArity.OneOrMore,
        };
        option.CustomParser = result =>
        {
            List<string> kinds =
            [
                .. result.Tokens.SelectMany(static token => token.Value.Split(','))
                    .Select(static kind => kind.Trim()).Where(static kind => kind.Length > 0).Distinct(),
            ];
            var unknown = kinds.Count == 0 ? "nothing" : kinds.Except(RefusedKinds.Names).FirstOrDefault();
            if (unknown is not null)
            {
                result.AddError($"--refuse: {unknown} is none of {string.Join(", ", RefusedKinds.Names)}.");
            }

            return kinds;
        };
        return option;
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
