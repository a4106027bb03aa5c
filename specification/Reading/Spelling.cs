using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>
/// A plain value that YAML takes for another one than its writer may have meant: <c>010</c> is the number 8, a host called <c>12e5</c> is
/// 1200000.
/// </summary>
/// <param name="Written">As it stands in the file.</param>
/// <param name="Read">The number or truth value that it is to YAML, as JSON.</param>
public sealed partial record Spelling(string Written, string Read)
{
    /// <summary>What is wrong with a value that is written so; null for nothing.</summary>
    /// <param name="element">The value as it was read: of another file perhaps, then the spelling says nothing about it.</param>
    /// <param name="isText">Whether the value shall be text, not a number.</param>
    internal Complaint? Check(JsonElement element, bool isText)
    {
        if (!IsOf(element))
        {
            return null;
        }

        if (isText)
        {
            return new Complaint($"is {Read} to YAML", $"write it in quotes: \"{Written}\"");
        }

        if (!LeadingZero().IsMatch(Written))
        {
            return null;
        }

        var plain = Written.TrimStart('+', '-', '0', '_').Replace("_", "", StringComparison.Ordinal);
        return plain == Read
            ? new Complaint("has a leading zero", $"write {Read}")
            : new Complaint(
                string.Create(CultureInfo.InvariantCulture, $"has a leading zero, which makes it octal to YAML ({Read})"),
                "write it without");
    }

    /// <summary>
    /// The same for a value in a list or mapping of free content, where a fraction is a number however many zeros end it.
    /// </summary>
    internal Complaint? CheckFree(JsonElement element) =>
        element.ValueKind is JsonValueKind.Number && !Fraction().IsMatch(Written) ? Check(element, isText: true) : null;

    private bool IsOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number =>
            double.TryParse(Read, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && element.GetDouble().Equals(number),
        JsonValueKind.True or JsonValueKind.False => element.GetRawText() == Read,
        _ => false,
    };

    [GeneratedRegex("^[-+]?0[0-9_]", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)?\.[0-9]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
