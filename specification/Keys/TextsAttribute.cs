using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>A list of texts.</summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
/// <param name="standard">The default.</param>
internal sealed class TextsAttribute(string meaning, params string[] standard) : KeyAttribute(meaning, null)
{
    public override string? DefaultNote => Note ?? string.Join(" ", standard.Select(static item => $"`{item}`"));

    public override object Empty => standard;

    public override string Kind(Type type) => "list of text";

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type)
    {
        string?[] items = element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(Scalars.Text)] : [null];
        return items.All(static item => !string.IsNullOrEmpty(item) && LineText.IsOneLine(item))
            ? (items, null)
            : Wrong("is not a list of text", "write a YAML list, one text per line after \"- \"");
    }
}
