using System.Text;

namespace PostgresHa.Specification;

/// <summary>The documentation of every configuration value, made from the same table the reader reads by.</summary>
public static class ConfigurationTable
{
    /// <summary>One Markdown table: path, meaning, form, default.</summary>
    /// <returns>The table with lines ending in LF, the last too.</returns>
    public static string Markdown()
    {
        var text = new StringBuilder("| value | meaning | form | default |\n|---|---|---|---|\n");
        foreach (var key in KeyTable.All)
        {
            var standard = key.Default is { } value ? $"`{value}`" : key.DefaultNote;
            text.Append("| `").Append(key.Path).Append("` | ").Append(key.Meaning.TrimEnd('.')).Append(" | ").Append(key.Kind).Append(" | ")
                .Append(standard).Append(" |\n");
        }

        return text.ToString();
    }
}
