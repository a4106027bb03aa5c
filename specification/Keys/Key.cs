using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Makes keys of each kind of value. The default is written as in a stack file; without one the value is required unless a note says
/// where it comes from.</summary>
internal static class Key
{
    public static Key<string> Text(string path, string meaning, string? @default = null, string? note = null, Regex? pattern = null, string? form = null, bool isVersion = false) =>
        new(path, meaning, "text", @default, note, element =>
        {
            string? text = Scalars.Text(element);
            string remedy = form ?? "write one line of text";
            if (text is null)
            {
                return ("", new Complaint("is no text", remedy));
            }

            // YAML reads a bare 17.10 as the number 17.1: only the writer knows which was meant.
            if (isVersion && element.ValueKind == JsonValueKind.Number && text.Length > 1 && text[^2] == '.' && text[^1] is ('1' or '2' or '3'))
            {
                return (text, new Complaint("may have been cut by YAML, which drops a last zero", $"write it in quotes: \"{text}\" or \"{text}0\""));
            }

            // Nor what a number or truth value looked like: 12e5 arrives as 1200000, 007 as 7.
            if (!isVersion && element.ValueKind != JsonValueKind.String)
            {
                return (text, new Complaint(
                    element.ValueKind == JsonValueKind.Number ? "is a number to YAML, which may have changed how it was written" : "is a truth value to YAML",
                    "write it in quotes"));
            }

            bool fits = text.Length > 0 && LineText.IsOneLine(text) && (pattern is null || pattern.IsMatch(text));
            return (text, fits ? null : new Complaint(text.Length == 0 ? "is empty" : "is not allowed here", remedy));
        });

    public static Key<int> Number(string path, string meaning, int? @default, int from, int to, string? note = null) =>
        new(path, meaning, Range("number", Invariant(from), Invariant(to)), @default is { } number ? Invariant(number) : null, note, element =>
        {
            string remedy = $"write a whole number from {Invariant(from)} to {Invariant(to)}";
            if (Scalars.Text(element) is not { } text || !Scalars.TryInteger(text, out long value))
            {
                return (@default ?? from, NoNumber(element, "is no whole number", remedy));
            }

            return value < from || value > to
                ? (@default ?? from, new Complaint("is out of range", remedy))
                : ((int)value, null);
        });

    public static Key<long> Size(string path, string meaning, string? @default, string from, string to, string? note = null)
    {
        long least = SizeOf(from), most = SizeOf(to);
        return new(path, meaning, Range("size", from, to), @default, note, element =>
        {
            string remedy = $"write bytes or a number with kB, MB, GB or TB, from {from} to {to}";
            if (Scalars.Text(element) is not { } text || !Scalars.TrySize(text, out long value))
            {
                return (least, NoNumber(element, "is no size", remedy));
            }

            return value < least || value > most ? (least, new Complaint("is out of range", remedy)) : (value, null);
        });
    }

    /// <summary>A duration; <paramref name="step"/> is the finest part that the program it is for understands;
    /// <paramref name="alsoAllowed"/> a number with a meaning of its own.</summary>
    public static Key<TimeSpan> Duration(string path, string meaning, string? @default, string from, string to, string step = "1ms", string? alsoAllowed = null)
    {
        TimeSpan least = DurationOf(from), most = DurationOf(to), grain = DurationOf(step);
        string kind = Range("duration", from, to) + (step == "1s" ? ", whole seconds" : "") + (alsoAllowed is null ? "" : $", or {alsoAllowed}");
        return new(path, meaning, kind, @default, null, element =>
        {
            string remedy = $"write seconds or a number with ms, s, m or h, from {from} to {to}";
            if (alsoAllowed is not null && Scalars.Text(element) == alsoAllowed)
            {
                return (TimeSpan.FromSeconds(int.Parse(alsoAllowed, CultureInfo.InvariantCulture)), null);
            }

            if (Scalars.Text(element) is not { } text || !Scalars.TryDuration(text, out TimeSpan value))
            {
                return (least, NoNumber(element, "is no duration", remedy));
            }

            if (value < least || value > most)
            {
                return (least, new Complaint("is out of range", remedy));
            }

            return value.Ticks % grain.Ticks != 0
                ? (value, new Complaint($"is no multiple of {step}", step == "1s" ? "write whole seconds" : step == "1ms" ? "write whole milliseconds" : $"write a multiple of {step}"))
                : (value, null);
        });
    }

    public static Key<bool> Flag(string path, string meaning, bool @default) =>
        new(path, meaning, "`true` or `false`", @default ? "true" : "false", null, element => Scalars.Text(element) switch
        {
            "true" => (true, null),
            "false" => (false, null),
            _ => (@default, new Complaint("is neither true nor false", "write true or false")),
        });

    public static Key<T> Choice<T>(string path, string meaning, string? @default, string? note = null)
        where T : struct, Enum
    {
        FrozenDictionary<string, T> values = Enum.GetValues<T>().ToFrozenDictionary(value => Kebab(value.ToString()), StringComparer.Ordinal);
        string[] names = [.. Enum.GetValues<T>().Select(value => Kebab(value.ToString()))];
        return new(path, meaning, string.Join(", ", names.Select(name => $"`{name}`")), @default, note, element =>
        {
            // YAML 1.1 readers turn a bare on or off into a truth value.
            string? text = element.ValueKind switch
            {
                JsonValueKind.True => "on",
                JsonValueKind.False => "off",
                _ => Scalars.Text(element),
            };
            return text is not null && values.TryGetValue(text, out T value)
                ? (value, null)
                : (default, new Complaint("is not one of the allowed values", NearestName.Offer(text ?? "", names)));
        });
    }

    public static Key<IReadOnlyList<string>> Texts(string path, string meaning, IReadOnlyList<string>? @default, string? note = null) =>
        new(path, meaning, "list of text", null, note ?? string.Join(" ", (@default ?? []).Select(item => $"`{item}`")), element =>
        {
            var complaint = new Complaint("is no list of text", "write a YAML list, one text per line after \"- \"");
            if (element.ValueKind != JsonValueKind.Array)
            {
                return ([], complaint);
            }

            string?[] items = [.. element.EnumerateArray().Select(Scalars.Text)];
            return items.All(static item => !string.IsNullOrEmpty(item) && LineText.IsOneLine(item)) ? ([.. items.Select(item => item!)], null) : ([], complaint);
        })
        {
            DefaultValue = @default ?? [],
        };

    public static Key<IReadOnlyDictionary<string, string>> Map(string path, string meaning) =>
        new(path, meaning, "mapping", null, "none", element =>
        {
            var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (element.ValueKind != JsonValueKind.Object)
            {
                return (map, new Complaint("is no mapping", "write names and values, one pair per line"));
            }

            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (Scalars.Text(property.Value) is not { } text)
                {
                    return (map, new Complaint($"has no plain value for {property.Name}", "write text or a number there"));
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
        })
        {
            DefaultValue = new SortedDictionary<string, string>(StringComparer.Ordinal),
        };

    /// <summary><c>EachHost</c> as a stack file writes it: <c>each-host</c>.</summary>
    public static string Kebab(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) && index > 0 ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    private static Complaint NoNumber(JsonElement element, string otherwise, string remedy) =>
        new(Scalars.HasLeadingZero(Scalars.Text(element) ?? "") ? "has a leading zero" : otherwise, remedy);

    private static string Range(string kind, string from, string to) => $"{kind}, {from} to {to}";

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static long SizeOf(string text) => Scalars.TrySize(text, out long value) ? value : throw new ArgumentException(text);

    private static TimeSpan DurationOf(string text) => Scalars.TryDuration(text, out TimeSpan value) ? value : throw new ArgumentException(text);
}
