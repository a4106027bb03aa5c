using System.CommandLine;
using System.Globalization;
using PostgresHa.Cli.Bill;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha bill</c>.</summary>
public static class BillCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var output = new Option<string>("--out", "-o") { Description = "File to write to. Default: standard output.", HelpName = "FILE" };
        var command = new Command(
            "bill",
            "List what the stack has built and installed on its hosts, as a software bill of materials (CycloneDX 1.6, JSON).")
        {
            stack, output,
        };
        command.SetAction(async (result, cancellation) =>
        {
            // Before the current folder becomes the project's.
            var path = OutputPath.OptionalFile(output.Name, result.GetValue(output));
            var context = StackContext.Load(
                Project.Find(result.GetValue(CommonOptions.Project)), CommonOptions.StackName(result, stack), withoutLab: true);
            NamespaceEntry.Enter(context.Specification);
            if (context.KeysArePending)
            {
                throw new CommandException("The lab is not running; start it: ./pgha lab up");
            }

            await using var collector = new BillCollector(context.Specification, context.Stack, new HostConnections(context).To);
            var bill = BillOfMaterials.Of(context.Specification, await collector.CollectAsync(cancellation), DateTimeOffset.UtcNow);
            if (path is null)
            {
                await Console.Out.WriteLineAsync(bill.Json());
                return 0;
            }

            await OutputPath.WriteAsync(output.Name, () => OutputPath.ReplaceAsync(path, bill.Json() + "\n", cancellation));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bill.Components.Count} components written to {path}"));
            return 0;
        });
        return command;
    }
}
