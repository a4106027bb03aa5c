using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Specification;

/// <summary>A stack's configuration, <c>Pulumi.STACK.yaml</c>, read as Pulumi reads it.</summary>
public sealed partial class StackFile
{
    /// <remarks>https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/project.go, ProjectStack.</remarks>
    private static readonly string[] TopLevel = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

    private StackFile(string project, string stack, string path, YamlMappingNode? file)
    {
        Project = project;
        Stack = stack;
        Path = path;
        EncryptionSalt = (YamlText.Child(file, "encryptionsalt") as YamlScalarNode)?.Value;
        RefuseUnread(file, path, project);
        Config = ReadConfig(file, path, project);
        MissingCluster = Cluster.ValueKind == JsonValueKind.Undefined
            ? Specification.MissingCluster.Explain(project, path, Config, file)
            : null;
    }

    /// <summary>Name of the project, from Pulumi.yaml.</summary>
    public string Project { get; }

    /// <summary>Name of the stack.</summary>
    public string Stack { get; }

    /// <summary>The stack file's path.</summary>
    public string Path { get; }

    /// <summary>Salt of the passphrase that encrypts the stack's secrets; null when it has none yet.</summary>
    public string? EncryptionSalt { get; }

    /// <summary>The configuration by full key, <c>project:name</c>.</summary>
    public IReadOnlyDictionary<string, StackValue> Config { get; }

    /// <summary>The cluster's structured value; undefined (<see cref="JsonValueKind.Undefined"/>) when the file has none.</summary>
    public JsonElement Cluster =>
        Config.TryGetValue(Project + ":cluster", out var value) && value.Structure is { } structure ? structure : default;

    /// <summary>Why the file has no structured value for the cluster; null when it has one.</summary>
    public SpecificationError? MissingCluster { get; }

    /// <summary>The values of the cluster that are not written as they are read, by path below it.</summary>
    public IReadOnlyDictionary<string, Spelling> Spellings =>
        Config.TryGetValue(Project + ":cluster", out var value) ? value.Spellings : new Dictionary<string, Spelling>();

    /// <summary>Whether the file has the secret <c>sshPrivateKey</c>.</summary>
    public bool HasPrivateKeySecret => Config.TryGetValue(Project + ":sshPrivateKey", out var value) && value.Secure is not null;

    /// <summary>Reads a stack's file, and the project's name from Pulumi.yaml.</summary>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <param name="stack">Name of the stack.</param>
    /// <returns>The stack's configuration.</returns>
    /// <exception cref="StackFileException">A file is missing or is not what it should be.</exception>
    public static StackFile Load(string projectDirectory, string stack)
    {
        ArgumentNullException.ThrowIfNull(projectDirectory);
        ArgumentNullException.ThrowIfNull(stack);
        var project = ProjectFile.NameIn(projectDirectory);
        return StackName.Problem(stack, projectDirectory) is { } problem
            ? throw new StackFileException(problem)
            : Read(project, projectDirectory, stack);
    }

    /// <summary>
    /// What in a stack's cluster is not written as it is read, for a program that Pulumi gave the values only.
    /// </summary>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <param name="project">Name of the project.</param>
    /// <param name="stack">Name of the stack.</param>
    /// <returns>By path below the cluster; empty where the stack's file lies elsewhere.</returns>
    /// <exception cref="StackFileException">The file is not what it should be.</exception>
    public static IReadOnlyDictionary<string, Spelling> SpellingsOf(string projectDirectory, string project, string stack) =>
        StackName.Problem(stack, projectDirectory) is null
            ? Read(project, projectDirectory, stack).Spellings
            : new Dictionary<string, Spelling>();

    private static StackFile Read(string project, string projectDirectory, string stack)
    {
        var path = StackName.PathIn(projectDirectory, stack);
        return new StackFile(project, stack, path, YamlText.Load(path));
    }

    /// <summary>Pulumi ignores what it does not know at the top of the file, for instance a section that lost its indentation.</summary>
    private static void RefuseUnread(YamlMappingNode? file, string path, string project)
    {
        foreach (var (key, value) in file ?? [])
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            // What has an anchor is there to be merged elsewhere; where config is missing, that is said with all else.
            if (!TopLevel.Contains(name, StringComparer.Ordinal) && value.Anchor.IsEmpty && YamlText.Child(file, "config") is not null)
            {
                var remedy = name.Contains(':', StringComparison.Ordinal) ? "move it below config:, two blanks further right"
                    : KeyTable.Root.Find(name) is not null ? $"move it below {project}:cluster:, four blanks further right"
                    : NearestName.Offer(name, TopLevel);
                throw YamlError.At(path, key.Start, $"nothing reads \"{name.ReplaceLineEndings(" ")}\" here", remedy);
            }
        }
    }

    private static Dictionary<string, StackValue> ReadConfig(YamlMappingNode? file, string path, string project)
    {
        var config = new Dictionary<string, StackValue>(StringComparer.Ordinal);
        switch (YamlText.Child(file, "config"))
        {
            case null or YamlScalarNode { Value: null or "" }:
                return config;
            case YamlMappingNode mapping:
                foreach (var (key, value) in YamlJson.Pairs(mapping, path))
                {
                    var full = FullKey(key.Value ?? "", key.Start, path, project);
                    if (!config.TryAdd(full, ReadValue(value, path)))
                    {
                        throw YamlError.At(path, key.Start, $"{full} is there twice", "keep one of them");
                    }
                }

                return config;
            case { } other:
                throw YamlError.At(path, other.Start, "config is not a mapping", $"write keys below it, for instance {project}:cluster");
        }
    }

    /// <summary>Pulumi writes <c>project:name</c>, and accepts the older <c>project:config:name</c>.</summary>
    private static string FullKey(string key, Mark mark, string path, string project)
    {
        var parts = key.Split(':');
        return parts switch
        {
            [{ Length: > 0 }, { Length: > 0 }] => key,
            [{ Length: > 0 } name, "config", { Length: > 0 } rest] => name + ":" + rest,
            _ => throw YamlError.At(path, mark, $"\"{key.ReplaceLineEndings(" ")}\" is not a configuration key", KeyRemedy(key, project)),
        };
    }

    private static string KeyRemedy(string key, string project) =>
        KeyTable.Root.Find(key) is not null ? $"move it below {project}:cluster:, two blanks further right"
        : Name().IsMatch(key) ? $"write {project}:{key}"
        : $"write {project}:NAME, for instance {project}:cluster";

    private static StackValue ReadValue(YamlNode node, string path)
    {
        if (node is YamlMappingNode { Children.Count: 1 } mapping && YamlText.Child(mapping, "secure") is YamlScalarNode secure)
        {
            return new StackValue { Secure = secure.Value ?? "" };
        }

        var json = new YamlJson(path);
        var element = json.Convert(node);
        return element.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? new StackValue { Structure = element, Spellings = json.Spellings }
            : new StackValue { Text = Scalars.Text(element) ?? "", Spellings = json.Spellings };
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
