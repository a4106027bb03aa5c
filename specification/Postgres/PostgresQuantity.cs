using System.Globalization;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Numbers with units as postgresql.conf has them: units are a word of their own, and their capitals count.</summary>
/// <remarks>
/// PostgreSQL's source, <c>guc.c</c>: <c>parse_int</c>, <c>parse_real</c> and the tables of units; Patroni's <c>utils.py</c>, which reads
/// them too and drops what it cannot read. What only one of them reads (<c>0x40</c>, <c>1.</c>) is refused.
/// </remarks>
internal static partial class PostgresQuantity
{
    private static readonly (string Name, double Factor)[] Memory =
        [("B", 1), ("kB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40)];

    private static readonly (string Name, double Factor)[] Time =
        [("us", 1), ("ms", 1e3), ("s", 1e6), ("min", 6e7), ("h", 3.6e9), ("d", 8.64e10)];

    // What other programs, and people, call them.
    private static readonly Dictionary<string, string> OtherNames = new (string Unit, string Names)[]
    {
        ("B", "byte bytes"), ("kB", "k kib"), ("MB", "mib"), ("GB", "g gib"), ("TB", "t tib"),
        ("us", "usec µs"), ("ms", "msec millis milliseconds"), ("s", "sec secs second seconds"), ("min", "mins minute minutes"),
        ("h", "hr hour hours"), ("d", "day days"),
    }
    .SelectMany(unit => unit.Names.Split(' ').Select(name => (name, unit.Unit)))
    .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a number in a parameter's own unit.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="unit">The parameter's unit, for instance <c>8kB</c>; empty where it has none.</param>
    /// <returns>The number, not rounded, or what is wrong with it.</returns>
    public static (double Number, Complaint? Complaint) Read(string text, string unit)
    {
        var units = Units(unit);
        var form = units.Length == 0
            ? "write a number"
            : $"write a number with one of the units {string.Join(", ", units.Select(one => one.Name))}";
        var match = Quantity().Match(text);
        if (!match.Success)
        {
            return (0, new Complaint("is not a number", form));
        }

        string digits = match.Groups["number"].Value, written = match.Groups["unit"].Value;
        if (Octal().IsMatch(digits))
        {
            return (
                0,
                new Complaint(
                    "has a leading zero, by which PostgreSQL reads an octal number",
                    $"write {digits.TrimStart('+', '-', '0').PadLeft(1, '0')}, or the octal number as a decimal one"));
        }

        var number = double.Parse(digits, CultureInfo.InvariantCulture);
        if (written.Length == 0)
        {
            return (number, null);
        }

        if (units.Length == 0)
        {
            return (0, new Complaint("has a unit, which this parameter does not", $"write {digits} alone"));
        }

        var factor = units.FirstOrDefault(one => one.Name == written).Factor;
        if (factor == 0)
        {
            var meant = Meant(written, units);
            return (0, new Complaint(
                $"has the unit {written}, which PostgreSQL does not "
                + $"know{(units.Any(one => one.Name.Equals(written, StringComparison.OrdinalIgnoreCase)) ? " in this spelling" : "")}",
                meant is null ? form : $"did you mean {digits}{meant}? (units: {string.Join(", ", units.Select(one => one.Name))})"));
        }

        return (number * factor / BaseFactor(unit, units), null);
    }

    /// <summary>A number of a parameter's unit as one would write it: <c>64kB</c>, <c>-1</c>.</summary>
    public static string Show(double number, string unit)
    {
        // The range of a parameter in blocks is shown in bytes: nobody counts blocks. -1 and 0 mean something of their own.
        if (unit == "8kB" && number > 0)
        {
            return Scalars.Size((long)number * 8192);
        }

        var text = number.ToString("0.############", CultureInfo.InvariantCulture);
        return number > 0 ? text + unit : text;
    }

    private static string? Meant(string written, (string Name, double Factor)[] units)
    {
        // In the time's table m would be min, in the memory's MB.
        var time = units == Time;
        var name = written is "m" or "M"
            ? time ? "min" : "MB"
            : units.FirstOrDefault(
                one => one.Name.Equals(written, StringComparison.OrdinalIgnoreCase)).Name ?? OtherNames.GetValueOrDefault(written);
        return units.Any(one => one.Name == name) ? name : null;
    }

    private static (string Name, double Factor)[] Units(string unit) => unit switch
    {
        "" => [],
        "us" or "ms" or "s" or "min" => Time,
        _ => Memory,
    };

    private static double BaseFactor(string unit, (string Name, double Factor)[] units) =>
        unit == "8kB" ? 8192 : units.Single(one => one.Name == unit).Factor;

    [GeneratedRegex(
        @"^\s*(?<number>[-+]?([0-9]{1,18}(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?)\s*(?<unit>[A-Za-zµ]*)\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();

    [GeneratedRegex("^[-+]?0[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();
}
