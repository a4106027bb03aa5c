using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>One of the property's enumeration, written in kebab-case: <c>EachHost</c> as <c>each-host</c>.</summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
/// <param name="standard">The default; null when there is none.</param>
internal sealed class ChoiceAttribute(string meaning, string? standard = null) : KeyAttribute(meaning, standard)
{
    public override string Kind(Type type) => string.Join(", ", Names(type).Select(static name => $"`{name}`"));

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type)
    {
        // YAML 1.1 readers turn a bare on or off into a truth value.
        var text = element.ValueKind switch
        {
            JsonValueKind.True => "on",
            JsonValueKind.False => "off",
            _ => Scalars.Text(element) ?? "",
        };
        var names = Names(type);
        var index = Array.IndexOf(names, text);
        return index < 0
            ? Wrong("is not one of the allowed values", NearestName.Offer(text, names))
            : (Enum.Parse(type, Enum.GetNames(type)[index]), null);
    }

    private static string[] Names(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
}
