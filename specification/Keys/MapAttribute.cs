using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Names with values of free content.</summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
internal sealed class MapAttribute(string meaning) : KeyAttribute(meaning, null)
{
    public override string DefaultNote => "none";

    public override object Empty { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public override string Kind(Type type) => "mapping";

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return Wrong("is not a mapping", "write names and values, one pair per line");
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (Scalars.Text(property.Value) is not { } text)
            {
                return Wrong($"has no plain value for {property.Name}", "write text or a number there");
            }

            // PostgreSQL's own spelling of truth values, as a person would write them in postgresql.conf.
            map[property.Name] = property.Value.ValueKind switch
            {
                JsonValueKind.True => "on",
                JsonValueKind.False => "off",
                _ => text,
            };
        }

        return (map, null);
    }
}
