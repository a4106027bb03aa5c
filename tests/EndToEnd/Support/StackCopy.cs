using System.Globalization;
using System.Text.RegularExpressions;

namespace PostgresHa.EndToEnd.Support;

/// <summary>The test's own copy of the project's files: the committed stack stays as it is.</summary>
public sealed partial class StackCopy
{
    public const string CommittedNamespace = "pgha-lab";

    private readonly string _original;

    public StackCopy(string root, string folder, string? network = null)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(root, "Pulumi.yaml"), Path.Combine(folder, "Pulumi.yaml"), overwrite: true);
        _original = File.ReadAllText(Path.Combine(root, "Pulumi.dev.yaml"))
            .Replace(
                "networkNamespace: " + CommittedNamespace,
                "networkNamespace: " + (network ?? LabFixture.NetworkNamespace),
                StringComparison.Ordinal);
        Reset();
    }

    public string Folder { get; }

    /// <summary>The stack file's content.</summary>
    public string Text => File.ReadAllText(StackFile);

    private string StackFile => Path.Combine(Folder, "Pulumi.dev.yaml");

    /// <summary>
    /// Back to the committed content; only <c>reapply</c> never goes back, since that too would have everything written once more.
    /// </summary>
    public void Reset()
    {
        var raised = File.Exists(StackFile) && Reapply().Match(File.ReadAllText(StackFile)) is { Success: true } found ? found.Value : "";
        File.WriteAllText(StackFile, _original.TrimEnd('\n') + "\n" + raised);
    }

    /// <summary>Adds a line to one of the cluster's sections, for instance <c>snapshotCount: 20000</c> to etcd.</summary>
    public void Set(string section, string line)
    {
        var text = File.ReadAllText(StackFile);
        var heading = $"    {section}:\n";
        text = text.Contains(heading, StringComparison.Ordinal)
            ? text.Replace(heading, $"{heading}      {line}\n", StringComparison.Ordinal)
            : text.TrimEnd('\n') + $"\n{heading}      {line}\n";
        File.WriteAllText(StackFile, text);
    }

    /// <summary>Gives a host another name.</summary>
    public void Rename(string host, string name) =>
        File.WriteAllText(StackFile, Text.Replace($"name: {host},", $"name: {name},", StringComparison.Ordinal));

    /// <summary>Has everything written and checked once more.</summary>
    public void RaiseReapply()
    {
        var text = File.ReadAllText(StackFile);
        var match = Reapply().Match(text);
        File.WriteAllText(StackFile, match.Success
            ? text.Replace(match.Value, Line(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + 1), StringComparison.Ordinal)
            : text.TrimEnd('\n') + "\n" + Line(1));

        static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"    reapply: {number}\n");
    }

    [GeneratedRegex(@"^    reapply: (\d+)\n", RegexOptions.Multiline)]
    private static partial Regex Reapply();
}
