using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>One line of text.</summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
/// <param name="standard">The default; null when there is none.</param>
internal sealed class TextAttribute(string meaning, string? standard = null) : KeyAttribute(meaning, standard)
{
    /// <summary>What the text must look like.</summary>
    public TextForm Form { get; init; }

    /// <summary>Whether it is a version of two numbers, which YAML takes for one number.</summary>
    public bool IsVersion { get; init; }

    public override string Kind(Type type) => "text";

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type)
    {
        var (pattern, remedy) = Forms.Of(Form);
        if (Scalars.Text(element) is not { } text)
        {
            return Wrong("is not text", remedy);
        }

        // YAML reads a bare 17.10 as the number 17.1: only the writer knows which was meant.
        if (IsVersion && element.ValueKind == JsonValueKind.Number && text.Length > 1 && text[^2] == '.' && text[^1] is ('1' or '2' or '3'))
        {
            return Wrong("may have been cut by YAML, which drops a last zero", $"write it in quotes: \"{text}\" or \"{text}0\"");
        }

        // Nor what a number or truth value looked like: 12e5 arrives as 1200000, 007 as 7.
        if (!IsVersion && element.ValueKind != JsonValueKind.String)
        {
            return Wrong(
                element.ValueKind == JsonValueKind.Number
                    ? "is a number to YAML, which may have changed how it was written"
                    : "is a truth value to YAML",
                "write it in quotes");
        }

        return text.Length == 0 ? Wrong("is empty", remedy)
            : LineText.IsOneLine(text) && pattern?.IsMatch(text) != false ? (text, null)
            : Wrong("is not allowed here", remedy);
    }
}
