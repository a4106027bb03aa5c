using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>A number of bytes.</summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
/// <param name="standard">The default; null when there is none.</param>
/// <param name="from">The least.</param>
/// <param name="to">The most.</param>
internal sealed class SizeAttribute(string meaning, string? standard, string from, string to) : KeyAttribute(meaning, standard)
{
    public override string Kind(Type type) => $"size, {from} to {to}";

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type)
    {
        var remedy = $"write bytes or a number with kB, MB, GB or TB, from {from} to {to}";
        return Scalars.Text(element) is not { } text || !Scalars.TrySize(text, out var value)
            ? NotANumber(element, "is not a size", remedy)
            : value < Bytes(from) || value > Bytes(to) ? Wrong("is out of range", remedy)
            : (value, null);
    }

    private static long Bytes(string text) => Scalars.TrySize(text, out var value) ? value : throw new ArgumentException(text);
}
