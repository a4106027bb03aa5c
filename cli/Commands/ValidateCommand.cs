using System.CommandLine;
using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha validate</c>.</summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = new Option<string?>("--stack", "-s")
        {
            Description = "The stack. Default: every stack of the project.",
            HelpName = "NAME",
        };
        var command = new Command("validate", "Check stack files and say everything that is wrong with them. Needs no network.") { stack };
        command.SetAction(result => Run(Project.Find(result.GetValue(CommonOptions.Project)), result.GetValue(stack)));
        return command;
    }

    /// <summary>Checks stacks and says what is wrong with them.</summary>
    /// <param name="project">Their project.</param>
    /// <param name="stack">The stack; null for all.</param>
    /// <param name="summary">Whether a right one is said to be right.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(Project project, string? stack, bool summary = true)
    {
        var stacks = stack is null ? project.Stacks : [stack];
        if (stacks.Count == 0)
        {
            throw new CommandException($"{project.Directory} has no stack file Pulumi.NAME.yaml.");
        }

        var wrong = 0;
        var read = new Dictionary<string, ClusterSpecification>(StringComparer.Ordinal);
        foreach (var name in stacks)
        {
            // One that cannot be read says nothing about the others.
            try
            {
                var context = StackContext.Load(project, name, withoutLab: true);
                Say(name, "warning", context.Result.Warnings, context);
                var changes = StackIdentity.Changes(context);
                if (context.Result.Specification is { } cluster && changes.Count == 0)
                {
                    read.Add(name, cluster);
                    if (summary)
                    {
                        Console.WriteLine(
                            $"{name}: ok: {Summary(cluster)}{(context.KeysArePending ? " (the keys come with ./pgha lab up)" : "")}");
                    }

                    continue;
                }

                wrong++;
                Say(name, "error", [.. context.Result.Errors, .. changes], context);
            }
            catch (StackFileException error) when (stack is null)
            {
                wrong++;
                Console.Error.WriteLine(Visible.Of($"{name}: {error.Message}"));
            }
        }

        foreach (var clash in StackClashes.Find(stack is null ? read : Beside(project, read), stack))
        {
            wrong++;
            Console.Error.WriteLine(clash);
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
            CultureInfo.InvariantCulture,
            $"{stack}: {findings.Count} {kind}{(findings.Count == 1 ? "" : "s")} in {Path.GetFileName(context.File.Path)}:"));
        foreach (var finding in findings)
        {
            Console.Error.WriteLine("  " + Visible.Of(finding.ToString()));
        }
    }

    // What is wrong with the others is said when they are asked for.
    private static Dictionary<string, ClusterSpecification> Beside(Project project, Dictionary<string, ClusterSpecification> read)
    {
        var all = new Dictionary<string, ClusterSpecification>(read, StringComparer.Ordinal);
        foreach (var name in project.Stacks.Where(name => !read.ContainsKey(name)))
        {
            try
            {
                if (StackContext.Load(project, name, withoutLab: true).Result.Specification is { } cluster)
                {
                    all.Add(name, cluster);
                }
            }
            catch (StackFileException)
            {
            }
        }

        return all;
    }

    private static string Summary(ClusterSpecification cluster) => string.Create(
        CultureInfo.InvariantCulture,
        $"cluster {cluster.Name} on {string.Join(", ", cluster.Hosts.Select(static host => $"{host.Name} ({host.Address})"))}, VIP "
        + $"{cluster.Vip.Address}/{cluster.Vip.Prefix}; writes fail for at most "
        + $"{Quantities.Duration(FailoverBudget.Of(cluster)[0].Total)} when the leader's host is lost");
}
