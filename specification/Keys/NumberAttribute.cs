using System.Globalization;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>A whole number.</summary>
internal sealed class NumberAttribute : KeyAttribute
{
    private readonly int _from;
    private readonly int _to;

    public NumberAttribute(string meaning, int from, int to)
        : base(meaning, null) => (_from, _to) = (from, to);

    public NumberAttribute(string meaning, int standard, int from, int to)
        : base(meaning, Invariant(standard)) => (_from, _to) = (from, to);

    public override string Kind(Type type) => $"number, {Invariant(_from)} to {Invariant(_to)}";

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type)
    {
        var remedy = $"write a whole number from {Invariant(_from)} to {Invariant(_to)}";
        return Scalars.Text(element) is not { } text || !Scalars.TryInteger(text, out var value)
            ? NotANumber(element, "is not a whole number", remedy)
            : value < _from || value > _to ? Wrong("is out of range", remedy)
            : ((int)value, null);
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
