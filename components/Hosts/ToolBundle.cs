using System.Text;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;

namespace PostgresHa.Components.Hosts;

/// <summary>The scripts of templates/ as the one text by which they reach a host.</summary>
public static class ToolBundle
{
    /// <summary>Text that begins the line before each tool; the tool's name follows.</summary>
    public const string Mark = "#=== ";

    // Read from stdin, or as `sh -c` by the Host component itself; they are no tools.
    private static readonly string[] NotTools = ["host/host-unpack.sh", "host/host-preflight.sh", "host/host-migrate.py"];

    /// <summary>Name and text of every tool, in ordinal order.</summary>
    public static IReadOnlyList<(string Name, string Text)> Tools { get; } =
    [
        .. Templates.Names(".sh", ".py")
            .Except(NotTools)
            .Select(static path => (Path.GetFileNameWithoutExtension(path), Templates.Read(path)))
            .OrderBy(static tool => tool.Item1, StringComparer.Ordinal),
    ];

    /// <summary>The bundle: for each tool a line of <see cref="Mark"/> and its name, then its text.</summary>
    public static string Text { get; } = Pack();

    private static string Pack()
    {
        var text = new StringBuilder();
        foreach (var (name, content) in Tools)
        {
            text.Append(Mark).Append(name).Append('\n').Append(content);
        }

        return text.ToString();
    }
}
