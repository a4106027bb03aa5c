using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Specification;

/// <summary>One value of a stack file's <c>config</c>. Exactly one of the three is set.</summary>
public sealed record StackValue
{
    /// <summary>A plain value as text, as Pulumi hands it to a program; null for another kind.</summary>
    public string? Text { get; init; }

    /// <summary>A structured value; null for another kind.</summary>
    public JsonElement? Structure { get; init; }

    /// <summary>The ciphertext of an encrypted value (<c>secure:</c>); null for another kind.</summary>
    public string? Secure { get; init; }
}

/// <summary>A stack file or its project could not be read. The message is one sentence that names file and line.</summary>
public sealed class StackFileException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public StackFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public StackFileException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes the exception without a message.</summary>
    public StackFileException()
    {
    }
}

/// <summary>A stack's configuration, <c>Pulumi.STACK.yaml</c>, read as Pulumi reads it.</summary>
public sealed class StackFile
{
    private StackFile(string project, string stack, string path, string? encryptionSalt, IReadOnlyDictionary<string, StackValue> config)
    {
        Project = project;
        Stack = stack;
        Path = path;
        EncryptionSalt = encryptionSalt;
        Config = config;
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
    public JsonElement Cluster => Config.TryGetValue(Project + ":cluster", out StackValue? value) && value.Structure is { } structure ? structure : default;

    /// <summary>Whether the file has the secret <c>sshPrivateKey</c>.</summary>
    public bool HasPrivateKeySecret => Config.TryGetValue(Project + ":sshPrivateKey", out StackValue? value) && value.Secure is not null;

    /// <summary>Names of the stacks that have a file in a project's folder, sorted.</summary>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <returns>For instance <c>dev</c>, <c>production</c>.</returns>
    public static IReadOnlyList<string> Stacks(string projectDirectory) => Directory.Exists(projectDirectory)
        ? [.. Directory.EnumerateFiles(projectDirectory, "Pulumi.?*.yaml")
            .Select(file => System.IO.Path.GetFileName(file)["Pulumi.".Length..^".yaml".Length])
            .Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Reads a stack's file, and the project's name from Pulumi.yaml.</summary>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <param name="stack">Name of the stack.</param>
    /// <returns>The stack's configuration.</returns>
    /// <exception cref="StackFileException">A file is missing or is not what it should be.</exception>
    public static StackFile Load(string projectDirectory, string stack)
    {
        ArgumentNullException.ThrowIfNull(projectDirectory);
        ArgumentNullException.ThrowIfNull(stack);
        string projectFile = System.IO.Path.Join(projectDirectory, "Pulumi.yaml");
        if (!File.Exists(projectFile))
        {
            throw new StackFileException($"{projectFile} does not exist; run this in the project's folder.");
        }

        YamlMappingNode? projectNode = YamlText.Load(projectFile);
        if (YamlText.Child(projectNode, "name") is not YamlScalarNode { Value: { Length: > 0 } project })
        {
            throw new StackFileException($"{projectFile} has no name; it names the project, postgres-ha.");
        }

        string path = System.IO.Path.Join(projectDirectory, $"Pulumi.{stack}.yaml");
        if (stack.Length == 0 || stack.Contains('/', StringComparison.Ordinal) || !File.Exists(path))
        {
            IReadOnlyList<string> stacks = Stacks(projectDirectory);
            throw new StackFileException($"There is no stack \"{stack}\" ({path} does not exist); "
                + (stacks.Count == 0 ? "there is none yet." : $"stacks are: {string.Join(", ", stacks)}."));
        }

        YamlMappingNode? node = YamlText.Load(path);
        return new StackFile(project, stack, path, (YamlText.Child(node, "encryptionsalt") as YamlScalarNode)?.Value, ReadConfig(node, path, project));
    }

    private static Dictionary<string, StackValue> ReadConfig(YamlMappingNode? file, string path, string project)
    {
        var config = new Dictionary<string, StackValue>(StringComparer.Ordinal);
        switch (YamlText.Child(file, "config"))
        {
            case null or YamlScalarNode { Value: null or "" }:
                return config;
            case YamlMappingNode mapping:
                foreach ((YamlNode key, YamlNode value) in mapping)
                {
                    string full = FullKey((key as YamlScalarNode)?.Value ?? "", key.Start, path, project);
                    if (!config.TryAdd(full, ReadValue(value, path)))
                    {
                        throw YamlText.Error(path, key.Start, $"{full} is there twice", "keep one of them");
                    }
                }

                return config;
            case { } other:
                throw YamlText.Error(path, other.Start, "config is no mapping", $"write keys below it, for instance {project}:cluster");
        }
    }

    /// <summary>Pulumi writes <c>project:name</c>, and accepts the older <c>project:config:name</c>.</summary>
    private static string FullKey(string key, Mark mark, string path, string project)
    {
        string[] parts = key.Split(':');
        return parts switch
        {
            [{ Length: > 0 }, { Length: > 0 }] => key,
            [{ Length: > 0 } name, "config", { Length: > 0 } rest] => name + ":" + rest,
            _ => throw YamlText.Error(path, mark, $"\"{key}\" is no configuration key", $"write {project}:{(key.Length == 0 ? "cluster" : key)}"),
        };
    }

    private static StackValue ReadValue(YamlNode node, string path)
    {
        if (node is YamlMappingNode { Children.Count: 1 } mapping && YamlText.Child(mapping, "secure") is YamlScalarNode secure)
        {
            return new StackValue { Secure = secure.Value ?? "" };
        }

        JsonElement element = YamlText.ToJson(node, path);
        return element.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? new StackValue { Structure = element }
            : new StackValue { Text = Scalars.Text(element) ?? "" };
    }
}
