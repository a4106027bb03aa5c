using System.CommandLine;
using System.Globalization;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha validate</c>.</summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = new Option<string?>("--stack", "-s") { Description = "The stack. Default: every stack of the project.", HelpName = "NAME" };
        var command = new Command("validate", "Check stack files and say everything that is wrong with them. Needs no network.") { stack };
        command.SetAction(result => Run(Project.Find(result.GetValue(CommonOptions.Project)), result.GetValue(stack)));
        return command;
    }

    private static int Run(Project project, string? stack)
    {
        var stacks = stack is null ? project.Stacks : [stack];
        if (stacks.Count == 0)
        {
            throw new CommandException($"{project.Directory} has no stack file Pulumi.NAME.yaml.");
        }

        var wrong = 0;
        foreach (var name in stacks)
        {
            var context = StackContext.Load(project, name, withoutLab: true);
            Say(name, "warning", context.Result.Warnings, context);
            if (context.Result.Specification is { } cluster)
            {
                Console.WriteLine($"{name}: ok: {Summary(cluster)}{(context.KeysArePending ? " (the keys come with ./pgha lab up)" : "")}");
                continue;
            }

            wrong++;
            Say(name, "error", context.Result.Errors, context);
        }

        return wrong == 0 ? 0 : 1;
    }

    private static void Say(string stack, string kind, IReadOnlyList<SpecificationFinding> findings, StackContext context)
    {
        if (findings.Count == 0)
        {
            return;
        }

        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{stack}: {findings.Count} {kind}{(findings.Count == 1 ? "" : "s")} in {Path.GetFileName(context.File.Path)}:"));
        foreach (var finding in findings)
        {
            Console.Error.WriteLine("  " + Visible.Of(finding.ToString()));
        }
    }

    private static string Summary(ClusterSpecification cluster) => string.Create(
        CultureInfo.InvariantCulture,
        $"cluster {cluster.Name} on {string.Join(", ", cluster.Hosts.Select(static host => $"{host.Name} ({host.Address})"))}, VIP {cluster.Vip.Address}/{cluster.Vip.Prefix}; writes fail for at most {Quantities.Duration(FailoverBudget.Of(cluster)[0].Total)} when the leader's host is lost");
}
