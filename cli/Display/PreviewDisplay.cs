using PostgresHa.Offline;
using PostgresHa.StandIns;
using Spectre.Console;

namespace PostgresHa.Cli.Display;

/// <summary>
/// A preview as text: the tree of what changes, each changed file line by line. Signs stand in the first column, so that it reads as a
/// diff.
/// </summary>
internal sealed class PreviewDisplay(IAnsiConsole console)
{
    // Longer texts that several resources share are shown once.
    private const int LongText = 100;

    // How a host is reached is shown by its address; the rest of a connection is noise in every new resource.
    private static readonly HashSet<string> Noise = new(StringComparer.Ordinal) { "connection", "addPreviousOutputInEnv" };

    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    internal void Show(string title, IReadOnlyList<Step> steps, bool files = true)
    {
        console.Line(title, "bold");
        console.Line();
        var byUrn = steps.Where(step => step.Operation != StepOperation.Delete).ToDictionary(step => step.Urn, StringComparer.Ordinal);
        var children = steps.Where(step => step.Parent is not null).ToLookup(step => step.Parent!, StringComparer.Ordinal);
        var roots = steps.Where(
            step => step.Parent is null || (!byUrn.ContainsKey(step.Parent) && steps.All(other => other.Urn != step.Parent)));
        foreach (var root in roots)
        {
            ShowTree(root, children, 0, files);
        }

        console.Line();
        console.Line(Summary(steps), "bold");
    }

    internal static string Summary(IReadOnlyList<Step> steps)
    {
        var parts = new List<string>();
        foreach (var (operation, words) in new[]
        {
            (StepOperation.Create, "to create"), (StepOperation.Update, "to update"), (StepOperation.Replace, "to replace"),
            (StepOperation.Delete, "to delete"),
        })
        {
            if (steps.Count(step => step.IsCustom && step.Operation == operation) is var count and > 0)
            {
                parts.Add($"{count} {words}");
            }
        }

        var same = steps.Count(step => step.IsCustom && step.Operation == StepOperation.Same);
        return (parts.Count == 0 ? "nothing to do" : string.Join(", ", parts)) + $"; {same} unchanged";
    }

    internal static string Sign(StepOperation operation) => operation switch
    {
        StepOperation.Create => "+ ",
        StepOperation.Update => "~ ",
        StepOperation.Replace => "+-",
        StepOperation.Delete => "- ",
        _ => "  ",
    };

    internal static string Style(StepOperation operation) => Style(operation == StepOperation.Replace ? '~' : Sign(operation)[0]);

    private static string Style(char sign) => sign switch
    {
        '+' => "green",
        '-' => "red",
        '~' => "yellow",
        '@' => "teal",
        _ => Terminal.Plain,
    };

    private bool ShowTree(Step step, ILookup<string, Step> children, int depth, bool files)
    {
        var below = children[step.Urn].OrderBy(child => child.Sequence).ToList();
        if (!Matters(step, children))
        {
            return false;
        }

        var indent = new string(' ', (2 * depth) + 1);
        var kind = step.IsCustom ? step.Host is null ? step.Type.Split(':')[^1] : step.Host : step.Type.Split(':')[^1];
        var operation = step.IsCustom || step.Operation != StepOperation.Same ? step.Operation : StepOperation.Same;
        console.Line($"{Sign(operation)}{indent}{step.Name}  ({kind})", Style(operation));
        if (step.Reason is { } reason)
        {
            console.Line($"  {indent}    {reason}", "dim");
        }

        if (files && step.IsCustom)
        {
            foreach (var change in step.Changes.Where(change => step.Operation != StepOperation.Create || !Noise.Contains(change.Name)))
            {
                ShowChange(step, change, indent + "    ");
            }
        }

        foreach (var child in below)
        {
            ShowTree(child, children, depth + 1, files);
        }

        return true;
    }

    private static bool Matters(Step step, ILookup<string, Step> children) =>
        (step.Operation != StepOperation.Same && step.IsCustom)
            || children[step.Urn].Any(child => child.Urn != step.Urn && Matters(child, children))
        || (step.Operation is StepOperation.Create or StepOperation.Delete);

    private void ShowChange(Step step, InputChange change, string indent)
    {
        var (old, now) = (change.Old, change.New);
        if (old.HasSecret || now.HasSecret)
        {
            var what = old.Kind == PropertyKind.Null ? "[secret]"
                : now.Kind == PropertyKind.Null ? "[secret], removed"
                : "[secret], changed";
            console.Line($"  {indent}{change.Name}: {what}", "yellow");
            return;
        }

        if (IsText(old, out var oldText) && IsText(now, out var newText)
            && (oldText.Contains('\n', StringComparison.Ordinal) || newText.Contains('\n', StringComparison.Ordinal)))
        {
            console.Line($"  {indent}{change.Name}:");
            // What is long is what is shown: a reviewer wants to see one changed line of a long file for every host.
            List<(char Sign, string Line)> lines =
            [
                .. old.Kind == PropertyKind.Null ? LineDiff.Lines(newText).Select(line => ('+', line)) : LineDiff.Unified(oldText, newText),
            ];
            if (lines.Count >= LongText && Repeats(step, newText, oldText) is { } other)
            {
                console.Line($"  {indent}  (the same as for {other})", "dim");
                return;
            }

            foreach (var (sign, line) in lines)
            {
                console.Line($"{(sign == '@' ? ' ' : sign)} {indent}  {line}", Style(sign));
            }

            return;
        }

        if (old.Kind != PropertyKind.Null)
        {
            console.Line($"- {indent}{change.Name}: {old}", "red");
        }

        if (now.Kind != PropertyKind.Null)
        {
            console.Line($"+ {indent}{change.Name}: {now}", "green");
        }
    }

    private static bool IsText(PropertyValue value, out string text)
    {
        text = value.Text ?? string.Empty;
        return value.Kind is PropertyKind.Text or PropertyKind.Null;
    }

    private string? Repeats(Step step, string now, string old)
    {
        var key = old + "\0" + now;
        return _shown.TryAdd(key, step.Name) ? null : _shown[key];
    }
}
