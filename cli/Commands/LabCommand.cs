using System.CommandLine;
using PostgresHa.Lab;
using Spectre.Console;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha lab …</c>.</summary>
public static class LabCommand
{
    /// <summary>The command and those below it.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        stack.Recursive = true;
        return new Command("lab", "Disposable hosts on this machine, and the stack dev on them. Needs root.")
        {
            stack,
            Up(stack),
            Down(stack),
            Status(stack),
            Ssh(stack),
            Exec(stack),
            Replace(stack),
            Remove(stack),
        };
    }

    /// <summary>The lab a command line means.</summary>
    internal static LabContext Context(ParseResult result, Option<string?> stack, LabOptions? asked = null) => LabContext.Of(
        StackContext.Load(
            Project.Find(result.GetValue(CommonOptions.Project)),
            CommonOptions.StackName(result, stack),
            withoutLab: true,
            asAsked: true), asked);

    private static Command Up(Option<string?> stack)
    {
        var engine = new Option<string?>("--engine")
        {
            Description = "What applies the stack: pulumi (its CLI) or offline. Default: pulumi where its CLI and packages are at hand.",
        };
        engine.AcceptOnlyFromAmong("pulumi", "offline");
        var noApply = new Option<bool>("--no-apply") { Description = "Only start the hosts." };
        var machines = new Option<string[]>("--vm")
        {
            Description = "A host that becomes a virtual machine (QEMU) with a watchdog of its own once it is set up; may be "
                + "repeated. Holds until lab down.",
            HelpName = "HOST",
        };
        var releases = new Option<string[]>("--release")
        {
            Description = "Debian release of all hosts (bookworm), or of one (mdw=bookworm); may be repeated. Default: "
                + $"{LabHost.DefaultRelease}. Holds until lab down.",
            HelpName = "[HOST=]RELEASE",
        };
        var strict = new Option<bool>("--strict")
        {
            Description = "Make the hosts, as far as Debian can be, like minimal, hardened hosts of the RHEL family. Holds until lab down.",
        };
        var command = new Command("up", "Start the hosts and apply the stack; harmless when all is up.")
        {
            engine, noApply, machines, releases, strict,
        };
        command.SetAction((result, cancellation) =>
        {
            var asked = new LabOptions
            {
                VirtualMachines = result.GetValue(machines) ?? [],
                Releases = result.GetValue(releases) ?? [],
                Strict = result.GetValue(strict),
            };
            return new LabUp(Context(result, stack, asked))
                .RunAsync(result.GetValue(engine), apply: !result.GetValue(noApply), cancellation);
        });
        return command;
    }

    private static Command Down(Option<string?> stack)
    {
        var command = new Command("down", "Remove the hosts with all that is on them, and the stack's state.");
        command.SetAction(async (result, cancellation) =>
        {
            await Context(result, stack).Environment(new LabProgressPrinter()).DownAsync(keepKeys: false, cancellation);
            return 0;
        });
        return command;
    }

    private static Command Status(Option<string?> stack)
    {
        var command = new Command("status", "Say which hosts run. For the cluster's state: pgha status.");
        command.SetAction(async (result, cancellation) =>
        {
            var lab = Context(result, stack);
            var status = await lab.Environment().StatusAsync(cancellation);
            Show(status, lab.Definition.IsStrict, lab.Environment().Former);
            return status.Up ? 0 : 1;
        });
        return command;
    }

    private static Command Ssh(Option<string?> stack)
    {
        var host = new Argument<string>("HOST") { Description = "Name of the host." };
        var words = new Argument<string[]>("CMD")
        {
            Description = "Command to run there. Default: a shell.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("ssh", "Log in at a host, or run a command there.") { host, words };
        command.SetAction((result, cancellation) =>
            Context(result, stack).Environment().SshAsync(result.GetValue(host)!, result.GetValue(words) ?? [], cancellation));
        return command;
    }

    private static Command Exec(Option<string?> stack)
    {
        var words = new Argument<string[]>("CMD") { Description = "Command to run. Default: a shell.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("exec", "Run a command of this machine inside the lab's network: lab exec -- CMD…") { words };
        command.SetAction(
            (result, cancellation) => Context(result, stack).Environment().ExecAsync(result.GetValue(words) ?? [], cancellation));
        return command;
    }

    private static Command Replace(Option<string?> stack)
    {
        var host = new Argument<string>("HOST") { Description = "Name of the host." };
        var command = new Command(
            "replace", "Lose a host with its disk, as by a power cut, and start an empty one in its place, with another host key.")
        {
            host,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var lab = Context(result, stack);
            var name = result.GetValue(host)!;
            await lab.Environment(new LabProgressPrinter()).ReplaceHostAsync(name, cancellation);
            LabOwnership.HandOver(lab);
            Console.WriteLine($"{name} is an empty host now. Have it join the cluster: ./pgha up --stack {lab.Stack.Stack}");
            return 0;
        });
        return command;
    }

    private static Command Remove(Option<string?> stack)
    {
        var host = new Argument<string>("HOST") { Description = "Name of the host." };
        var command = new Command(
            "remove", "End and remove a host that the stack file does not name any more, with all that is on it.") { host };
        command.SetAction(async (result, cancellation) =>
        {
            await Context(result, stack).Environment().RemoveHostAsync(result.GetValue(host)!, cancellation);
            Console.WriteLine($"{result.GetValue(host)} is removed.");
            return 0;
        });
        return command;
    }

    private static void Show(LabStatus status, bool isStrict, IReadOnlyList<string> former)
    {
        Terminal.Output.MarkupLine(status.Up ? "[green]The lab is up.[/]" : "[red]The lab is not up.[/] Start it: ./pgha lab up");
        var table = new Table().Border(TableBorder.Simple).AddColumns("host", "address", "release", "kind", "state", "systemd", "up for");
        foreach (var host in status.Hosts)
        {
            table.AddRow(
                Markup.Escape(host.Host.Name),
                host.Host.Address,
                host.Host.Release,
                host.Host.IsVirtualMachine ? "virtual machine" : "container",
                host.State == LabHostState.Running ? "[green]running[/]" : $"[red]{host.State.ToString().ToLowerInvariant()}[/]",
                Markup.Escape(host.System ?? ""),
                host.Uptime is { } uptime ? Quantities.Duration(uptime) : "");
        }

        Terminal.Output.Write(table);
        LabUp.PrintFormer(former);
        if (isStrict)
        {
            Console.WriteLine("Its hosts are strict, like hardened ones of the RHEL family (--strict).");
        }

        Console.WriteLine(status.Serving ? "Packages and sources are served." : "Packages and sources are not served.");
    }
}
