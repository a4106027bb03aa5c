using YamlDotNet.RepresentationModel;

namespace PostgresHa.Specification;

/// <summary>The project's file, <c>Pulumi.yaml</c>.</summary>
public static class ProjectFile
{
    /// <summary>Its name in the project's folder.</summary>
    public const string FileName = "Pulumi.yaml";

    // Pulumi reads these as well.
    private static readonly string[] OtherNames = ["Pulumi.yml", "Pulumi.json"];

    /// <summary>Whether a folder is that of a project, ours or another.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>True when it holds a project file, under whichever of Pulumi's names.</returns>
    public static bool IsIn(string directory) =>
        OtherNames.Prepend(FileName).Any(name => Path.Exists(Path.Join(directory, name)));

    /// <summary>The project's name.</summary>
    /// <param name="directory">Folder of Pulumi.yaml.</param>
    /// <returns>For instance <c>postgres-ha</c>.</returns>
    /// <exception cref="StackFileException">
    /// The file is missing, is no YAML, has no name, or has something that would be ignored.
    /// </exception>
    public static string NameIn(string directory)
    {
        var path = Path.Join(directory, FileName);
        if (!Path.Exists(path))
        {
            var other = OtherNames.FirstOrDefault(name => File.Exists(Path.Join(directory, name)));
            throw new StackFileException(other is null
                ? $"{path} does not exist; run this in the project's folder."
                : $"{Path.Join(directory, other)} is not read; name it {FileName}, in YAML.");
        }

        var file = YamlText.Load(path);
        if (YamlText.Child(file, "name") is not YamlScalarNode { Value: { Length: > 0 } name })
        {
            throw new StackFileException($"{path} has no name; it names the project, postgres-ha.");
        }

        if (YamlText.Child(file, "stackConfigDir") is { } elsewhere)
        {
            throw YamlError.At(path, elsewhere.Start, "stackConfigDir is not read here", $"keep the stack files beside {FileName}");
        }

        // Keys of other namespaces, such as pulumi:tags, are none of ours.
        foreach ((var key, _) in YamlText.Child(file, "config") as YamlMappingNode ?? [])
        {
            var text = (key as YamlScalarNode)?.Value ?? "";
            if (!text.Contains(':', StringComparison.Ordinal) || text.StartsWith(name + ":", StringComparison.Ordinal))
            {
                throw YamlError.At(path, key.Start, $"{text} of all stacks is not read here", "write it into each stack's file");
            }
        }

        return name;
    }
}
