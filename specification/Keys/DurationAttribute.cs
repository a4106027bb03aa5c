using System.Globalization;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>A duration.</summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
/// <param name="standard">The default.</param>
/// <param name="from">The least.</param>
/// <param name="to">The most.</param>
internal sealed class DurationAttribute(string meaning, string standard, string from, string to) : KeyAttribute(meaning, standard)
{
    private const string Second = "1s";
    private const string Millisecond = "1ms";

    /// <summary>The finest part that the program it is for understands.</summary>
    public string Step { get; init; } = Millisecond;

    /// <summary>A number of seconds outside the range, with a meaning of its own.</summary>
    public string? AlsoAllowed { get; init; }

    public override string Kind(Type type) =>
        $"duration, {from} to {to}" + (Step == Second ? ", whole seconds" : "") + (AlsoAllowed is null ? "" : $", or {AlsoAllowed}");

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type)
    {
        var remedy = $"write seconds or a number with ms, s, m or h, from {from} to {to}";
        var text = Scalars.Text(element);
        if (text is not null && text == AlsoAllowed)
        {
            return (TimeSpan.FromSeconds(int.Parse(text, CultureInfo.InvariantCulture)), null);
        }

        if (text is null || !Scalars.TryDuration(text, out var value))
        {
            return NotANumber(element, "is not a duration", remedy);
        }

        return value < Time(from) || value > Time(to) ? Wrong("is out of range", remedy)
            : value.Ticks % Time(Step).Ticks == 0 ? (value, null)
            : Wrong($"is not a multiple of {Step}", Step switch
            {
                Second => "write whole seconds",
                Millisecond => "write whole milliseconds",
                _ => $"write a multiple of {Step}",
            });
    }

    private static TimeSpan Time(string text) => Scalars.TryDuration(text, out var value) ? value : throw new ArgumentException(text);
}
