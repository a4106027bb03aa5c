using PostgresHa.Specification;

namespace PostgresHa.Components.Declarations;

/// <summary>What a change of a file asks of its service.</summary>
public enum FileEffect
{
    /// <summary>Nothing: it is read when it is needed.</summary>
    None,

    /// <summary>A reload.</summary>
    Reload,

    /// <summary>A restart.</summary>
    Restart,
}

/// <summary>The content of a file: text, or text that some of the cluster's secrets are part of.</summary>
public sealed class FileContent
{
    private readonly Func<Func<ClusterSecret, string>, string> _text;

    private FileContent(IReadOnlyList<ClusterSecret> secrets, Func<Func<ClusterSecret, string>, string> text)
    {
        Secrets = secrets;
        _text = text;
    }

    /// <summary>
    /// Whether it is known only when hosts have answered: whoever registers the file hands it over then, and the text here is a note.
    /// </summary>
    public bool IsLater { get; private init; }

    /// <summary>The secrets in it; empty for a file that anybody may see in a preview.</summary>
    public IReadOnlyList<ClusterSecret> Secrets { get; }

    /// <summary>Content with secrets.</summary>
    /// <param name="secrets">Those it may hold.</param>
    /// <param name="text">Makes the text out of their values.</param>
    public static FileContent With(IReadOnlyList<ClusterSecret> secrets, Func<Func<ClusterSecret, string>, string> text) =>
        new(secrets, text);

    /// <summary>Content that is known only when hosts have answered, without secrets.</summary>
    /// <param name="note">What it will be, in a sentence, for whoever looks before.</param>
    public static FileContent Later(string note) => new([], _ => note) { IsLater = true };

    /// <summary>Content without secrets.</summary>
    public static implicit operator FileContent(string text) => FromString(text);

    /// <summary>Content without secrets.</summary>
    /// <param name="text">The text.</param>
    public static FileContent FromString(string text) => new([], _ => text);

    /// <summary>The text of a file without secrets.</summary>
    /// <exception cref="InvalidOperationException">It has some.</exception>
    public string Plain => Text(static one => throw new InvalidOperationException($"The secret {one.Name} is not known here."));

    /// <summary>The text.</summary>
    /// <param name="secret">Gives the value of each of <see cref="Secrets"/>.</param>
    public string Text(Func<ClusterSecret, string> secret) => _text(one => Secrets.Contains(one)
        ? secret(one)
        : throw new InvalidOperationException($"The secret {one.Name} is not declared for this file."));
}

/// <summary>A file on a host: everything there is to say of it, before anything is written.</summary>
public sealed record HostFile
{
    /// <summary>Its short name, unique in its service; part of the resource's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Its content.</summary>
    public required FileContent Content { get; init; }

    /// <summary>Its owner. Default root.</summary>
    public string Owner { get; init; } = "root";

    /// <summary>Its group. Default root.</summary>
    public string Group { get; init; } = "root";

    /// <summary>Its mode in octal. Default 0644.</summary>
    public string Mode { get; init; } = "0644";

    /// <summary>
    /// Command line, run as root on the host, that must accept the file before it is put in place; <c>{}</c> stands for the temporary
    /// file. Default none.
    /// </summary>
    public string? Validator { get; init; }

    /// <summary>Whether a packaged original is kept once as PATH.back, and returns on destroy. Default false.</summary>
    public bool Backup { get; init; }

    /// <summary>What a change of it asks of the service. Default <see cref="FileEffect.None"/>.</summary>
    public FileEffect OnChange { get; init; }

    /// <summary>
    /// Names of the service's files that must be there before, for instance since the validator reads them. Default none.
    /// </summary>
    public IReadOnlyList<string> Needs { get; init; } = [];
}
