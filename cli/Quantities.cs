using System.Globalization;

namespace PostgresHa.Cli;

/// <summary>Sizes and times as people read them.</summary>
public static class Quantities
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A number of bytes, such as <c>16 MB</c>; binary multiples, as in PostgreSQL's own settings.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(value < 10 && unit > 0 ? "0.#" : "0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>A duration, such as <c>1.4 s</c>, <c>12 min</c> or <c>3 d</c>.</summary>
    public static string Duration(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 1 => duration.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms",
        < 10 => duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 180 => duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        < 7200 => duration.TotalMinutes.ToString("0", CultureInfo.InvariantCulture) + " min",
        < 172800 => duration.TotalHours.ToString("0", CultureInfo.InvariantCulture) + " h",
        _ => duration.TotalDays.ToString("0", CultureInfo.InvariantCulture) + " d",
    };
}
