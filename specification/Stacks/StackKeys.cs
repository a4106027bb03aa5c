namespace PostgresHa.Specification;

/// <summary>
/// What may stand beside the cluster in a stack's configuration: secrets, each under a key that is known, and encrypted.
/// </summary>
public static class StackKeys
{
    private const string Cluster = "cluster";
    private const string PrivateKey = "sshPrivateKey";

    private static readonly string[] Secrets =
        [PrivateKey, SecretCatalogue.OwnAuthority, .. SecretCatalogue.All.Select(static secret => secret.Key)];

    /// <summary>Every key that is unknown, and every secret that stands in plain text.</summary>
    /// <param name="project">Name of the project. Keys of Pulumi's own and of its providers are not judged.</param>
    /// <param name="values">
    /// The full keys, <c>project:name</c>, each with its value where that is in plain text; null for an encrypted one.
    /// </param>
    /// <returns>The errors, in the order of the keys; none shows a value.</returns>
    public static IReadOnlyList<SpecificationError> Check(string project, IEnumerable<KeyValuePair<string, string?>> values) =>
        [.. values.Select(value => Problem(project, value.Key, value.Value)).OfType<SpecificationError>()];

    private static SpecificationError? Problem(string project, string key, string? plain)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        var name = key[(colon + 1)..];
        if (key[..Math.Max(colon, 0)] != project)
        {
            return NearestName.Find(key[..Math.Max(colon, 0)], [project]) is null ? null
                : new SpecificationError(key, null, "is unknown", $"did you mean {project}:{name}?");
        }

        if (name == Cluster)
        {
            return null;
        }

        if (!Secrets.Contains(name, StringComparer.Ordinal))
        {
            return new SpecificationError(key, null, "is unknown", KeyTable.Root.Find(name) is not null
                ? $"write it below {project}:{Cluster}"
                : NearestName.Offer(name, [Cluster, .. Secrets]));
        }

        var command = $"pulumi config set --secret {name}{(name is PrivateKey or SecretCatalogue.OwnAuthority ? " < FILE" : "")}";
        return plain switch
        {
            null => null,
            "" => new SpecificationError(key, null, "is empty", $"set it with {command}, or remove the key"),
            ['[' or '{', ..] =>
                new SpecificationError(key, null, "is a list or mapping in plain text", $"set one line of text with {command}"),
            _ => new SpecificationError(
                key, null, "is a secret in plain text", $"set another with {command}, which encrypts it: this one can be read in the file"),
        };
    }
}
