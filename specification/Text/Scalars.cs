using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Turns single configuration values into numbers, durations and sizes, and those into text.</summary>
/// <remarks>A number may come as number or as text: YAML keeps quotes, <c>pulumi config set --path</c> guesses.</remarks>
internal static partial class Scalars
{
    /// <summary>The text of a scalar as it was written; null for a mapping, a list or nothing.</summary>
    public static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>A text as if it were written in a stack file.</summary>
    public static JsonElement Element(string text) => JsonElement.Parse($"\"{JsonEncodedText.Encode(text)}\"");

    /// <summary>What an error message shows of a value: at most 60 characters of it, on one line.</summary>
    public static string Show(JsonElement element)
    {
        var text = element.ValueKind switch
        {
            JsonValueKind.Object => "a mapping",
            JsonValueKind.Array => "a list",
            _ => Text(element) ?? "null",
        };
        return Show(text);
    }

    /// <summary>What an error message shows of a text: at most 60 characters of it, on one line.</summary>
    public static string Show(string text)
    {
        if (text.Length == 0)
        {
            return "\"\"";
        }

        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..57] + "…";
    }

    public static bool TryInteger(string text, out long value)
    {
        value = 0;
        return !HasLeadingZero(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether a number begins with a zero that means nothing to some readers and octal to others.</summary>
    public static bool HasLeadingZero(string text)
    {
        var digits = text.AsSpan().TrimStart("+-");
        return digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]);
    }

    public static bool TryDuration(string text, out TimeSpan value)
    {
        value = default;
        var match = DurationPattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var milliseconds = match.Groups["unit"].Value switch
        {
            "ms" => 1m,
            "m" or "min" => 60_000m,
            "h" => 3_600_000m,
            "d" => 86_400_000m,
            _ => 1000m,
        };
        return TryMultiply(match.Groups["number"].Value, milliseconds * TimeSpan.TicksPerMillisecond, out var ticks)
            && (value = TimeSpan.FromTicks(ticks)) >= TimeSpan.Zero;
    }

    public static bool TrySize(string text, out long value)
    {
        value = 0;
        var match = SizePattern().Match(text);
        return match.Success
            && TryMultiply(match.Groups["number"].Value, Factor(match.Groups["unit"].Value), out value);

        static decimal Factor(string unit) => unit.Length == 0 ? 1 : char.ToUpperInvariant(unit[0]) switch
        {
            'K' => 1L << 10,
            'M' => 1L << 20,
            'G' => 1L << 30,
            'T' => 1L << 40,
            _ => 1,
        };
    }

    /// <summary>A duration as messages show it: <c>500 ms</c>, <c>10 s</c>.</summary>
    public static string Show(TimeSpan duration) => duration < TimeSpan.FromSeconds(1) && duration > TimeSpan.Zero
        ? duration.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture) + " ms"
        : Seconds(duration) + " s";

    /// <summary>A duration in seconds, with as many decimals as it needs.</summary>
    public static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>A size as messages show it: the largest unit that divides it.</summary>
    public static string Size(long bytes)
    {
        foreach (var (unit, shift) in new[] { ("TB", 40), ("GB", 30), ("MB", 20), ("kB", 10) })
        {
            if (bytes != 0 && bytes % (1L << shift) == 0)
            {
                return (bytes >> shift).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryMultiply(string number, decimal factor, out long value)
    {
        value = 0;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed)
            || parsed > long.MaxValue / factor)
        {
            return false;
        }

        var product = parsed * factor;
        value = (long)product;
        return value == product;
    }

    [GeneratedRegex(
        @"^(?<number>(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?) ?(?<unit>ms|s|min|m|h|d)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();

    [GeneratedRegex(
        @"^(?<number>(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?) ?(?<unit>B|[kKMGT](i?B)?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex SizePattern();
}
