using PostgresHa.Components.Declarations;
using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Components.Remote;

/// <summary>
/// Writes a file on a host: content by stdin, beside the target, validated, renamed, recorded in the host's manifest (tool
/// <c>file-write</c>).
/// </summary>
public sealed class RemoteFile
{
    /// <summary>Registers the file.</summary>
    /// <param name="service">Name of the service it belongs to; with the file's and the host's the resource's name.</param>
    /// <param name="host">The host.</param>
    /// <param name="file">The file.</param>
    /// <param name="parent">The component it belongs to.</param>
    /// <param name="dependsOn">What must exist before, besides the host itself.</param>
    public RemoteFile(string service, Host host, HostFile file, Resource parent, params Resource[] dependsOn)
        : this(service, host, file, null, parent, dependsOn)
    {
    }

    /// <summary>Registers a file whose content may be known later than the rest of it.</summary>
    /// <param name="service">Name of the service it belongs to; with the file's and the host's the resource's name.</param>
    /// <param name="host">The host.</param>
    /// <param name="file">The file.</param>
    /// <param name="later">
    /// Its content, where that takes an answer of the hosts: always of one that says so (<see cref="FileContent.IsLater"/>). Null: the
    /// file's own.
    /// </param>
    /// <param name="parent">The component it belongs to.</param>
    /// <param name="dependsOn">What must exist before, besides the host itself.</param>
    /// <exception cref="InvalidOperationException">The content is known later, and not handed over.</exception>
    public RemoteFile(string service, Host host, HostFile file, Output<string>? later, Resource parent, params Resource[] dependsOn)
    {
        List<string> words = [file.Path, file.Owner, file.Group, file.Mode];
        if (file.Validator is { } validator)
        {
            words.AddRange(["--validator", validator]);
        }

        if (file.Backup)
        {
            words.Add("--backup");
        }

        var content = later is not null ? later
            : file.Content.IsLater ? throw new InvalidOperationException($"Nobody says what {file.Path} holds.")
            : file.Content.Secrets.Count == 0
            ? Output.Create(file.Content.Plain)
            : host.Secrets.Text(file.Content.Secrets, file.Content.Text);
        File = file;
        Fingerprint = content.Apply(static text => Fingerprints.Of(text));
        var command = new Command(
            $"{service}-{file.Name}-{host.HostName}",
            new CommandArgs
            {
                Connection = host.Connection,
                Create = host.ToolCommand("file-write", words),
                Delete = host.ToolCommand("file-remove", [file.Path], withGeneration: false),
                Stdin = content,
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions { Parent = parent, DependsOn = host.After(dependsOn) });
        Resource = command;
        Said = command.Stdout;
    }

    private RemoteFile(RemoteFile other, FileEffect onChange)
    {
        File = other.File with { OnChange = onChange };
        Resource = other.Resource;
        Said = other.Said;
        Fingerprint = other.Fingerprint;
    }

    /// <summary>The file.</summary>
    public HostFile File { get; }

    /// <summary>The underlying resource, for others to depend on.</summary>
    public Resource Resource { get; }

    /// <summary>What the tool said when it was written last; without a value as long as it never was.</summary>
    public Output<string> Said { get; }

    /// <summary>The same file for a service to which its change means something else than to the others.</summary>
    /// <param name="onChange">What its change asks of that service.</param>
    public RemoteFile As(FileEffect onChange) => new(this, onChange);

    /// <summary>A short fingerprint of the content; a secret when the content is one.</summary>
    public Output<string> Fingerprint { get; }
}
