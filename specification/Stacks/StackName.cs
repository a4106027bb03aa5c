using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Names of stacks, and the files they stand for.</summary>
public static partial class StackName
{
    private const string Prefix = "Pulumi.";
    private const string Suffix = ".yaml";

    // Pulumi reads these as well.
    private static readonly string[] OtherSuffixes = [".yml", ".json"];

    /// <summary>The file of a stack.</summary>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <param name="stack">Name of the stack.</param>
    /// <returns>Its path.</returns>
    public static string PathIn(string projectDirectory, string stack) => Path.Join(projectDirectory, Prefix + stack + Suffix);

    /// <summary>Names of the stacks that have a file in a project's folder, sorted.</summary>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <returns>For instance <c>dev</c>, <c>production</c>.</returns>
    public static IReadOnlyList<string> All(string projectDirectory) => Directory.Exists(projectDirectory)
        ? [.. Directory.EnumerateFiles(projectDirectory, $"{Prefix}?*{Suffix}")
            .Select(file => Path.GetFileName(file)[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Why a stack cannot be read; null when it has a name and a file.</summary>
    /// <param name="stack">Name of the stack.</param>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <returns>One sentence with what there is, or what to do.</returns>
    public static string? Problem(string stack, string projectDirectory)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var shown = $"There is no stack \"{(stack.Length == 0 ? "" : Printable.Line(Scalars.Show(stack)))}\"";
        var path = PathIn(projectDirectory, stack);
        if (!Form().IsMatch(stack))
        {
            return $"{shown}: a stack's name has letters, digits, -, _ and ., at most 100; {Stacks(projectDirectory)}";
        }

        if (Directory.Exists(path))
        {
            return $"{shown}: {path} is a folder; put the stack's file in its place.";
        }

        if (File.Exists(path))
        {
            return null;
        }

        var other = OtherSuffixes.Select(suffix => Prefix + stack + suffix)
            .FirstOrDefault(file => File.Exists(Path.Join(projectDirectory, file)));
        return other is not null ? $"{shown}: {other} is not read; name it {Path.GetFileName(path)}, in YAML."
            : OfFileName(stack) is { } name
                && File.Exists(PathIn(projectDirectory, name)) ? $"{shown}: that is its file; the stack's name is {name}."
            : $"{shown} ({path} does not exist); {Stacks(projectDirectory)}";
    }

    private static string Stacks(string projectDirectory)
    {
        var stacks = All(projectDirectory);
        return stacks.Count == 0 ? "there is none yet." : $"stacks are: {string.Join(", ", stacks)}.";
    }

    private static string? OfFileName(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.EndsWith(Suffix, StringComparison.Ordinal)
            && text.Length > Prefix.Length + Suffix.Length
            ? text[Prefix.Length..^Suffix.Length]
            : null;

    // As Pulumi has it: https://www.pulumi.com/docs/iac/concepts/stacks/
    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
