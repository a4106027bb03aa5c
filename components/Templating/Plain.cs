using System.Globalization;

namespace PostgresHa.Components.Templating;

/// <summary>Numbers as every file and tool reads them.</summary>
internal static class Plain
{
    /// <summary>A whole number: digits alone, whatever the language of the machine.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
