using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Components.Remote;

/// <summary>A file on a host.</summary>
public sealed record RemoteFileArgs
{
    /// <summary>Its absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Its content. A secret stays one: the preview shows none of it.</summary>
    public required Input<string> Content { get; init; }

    /// <summary>Its owner. Default root.</summary>
    public string Owner { get; init; } = "root";

    /// <summary>Its group. Default root.</summary>
    public string Group { get; init; } = "root";

    /// <summary>Its mode in octal. Default 0644; with a secret content 0600 is meant to be given.</summary>
    public string Mode { get; init; } = "0644";

    /// <summary>
    /// Command line, run as root on the host, that must accept the file before it is put in place; <c>{}</c> stands for the temporary file.
    /// Default none.
    /// </summary>
    public string? Validator { get; init; }

    /// <summary>Whether a packaged original is kept once as PATH.back, and returns on destroy. Default false.</summary>
    public bool Backup { get; init; }
}

/// <summary>
/// Writes a file on a host: content by stdin, beside the target, validated, renamed, recorded in the host's manifest (tool <c>file-write</c>).
/// </summary>
public sealed class RemoteFile
{
    /// <summary>Registers the file.</summary>
    /// <param name="name">Resource name, unique in the stack, ending in the host's name.</param>
    /// <param name="host">The host.</param>
    /// <param name="args">What is written.</param>
    /// <param name="parent">The component it belongs to.</param>
    /// <param name="dependsOn">What must exist before, besides the host itself.</param>
    public RemoteFile(string name, Host host, RemoteFileArgs args, Resource parent, params Resource[] dependsOn)
    {
        List<string> words = [args.Path, args.Owner, args.Group, args.Mode];
        if (args.Validator is { } validator)
        {
            words.AddRange(["--validator", validator]);
        }

        if (args.Backup)
        {
            words.Add("--backup");
        }

        Path = args.Path;
        Fingerprint = args.Content.Apply(content => Fingerprints.Of(content));
        Resource = new Command(
            name,
            new CommandArgs
            {
                Connection = host.Connection,
                Create = host.ToolCommand("file-write", words),
                Delete = host.ToolCommand("file-remove", [args.Path], withGeneration: false),
                Stdin = args.Content,
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions { Parent = parent, DependsOn = host.After(dependsOn) });
    }

    /// <summary>The underlying resource, for others to depend on.</summary>
    public Resource Resource { get; }

    /// <summary>The file's absolute path.</summary>
    public string Path { get; }

    /// <summary>A short fingerprint of the content; a secret when the content is one.</summary>
    public Output<string> Fingerprint { get; }
}
