using System.Text.Json;

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

    /// <summary>What in it is not written as it is read, by path; a plain value's own path is empty.</summary>
    public IReadOnlyDictionary<string, Spelling> Spellings { get; init; } = new Dictionary<string, Spelling>();
}
