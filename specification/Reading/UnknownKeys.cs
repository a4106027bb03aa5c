using System.Globalization;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Finds what stands in the configuration and means nothing, and sections that are no section.</summary>
internal static class UnknownKeys
{
    public static void Report(JsonElement root, Values values) => Walk(root, "", "", values);

    /// <param name="element">The section.</param>
    /// <param name="path">Its path, with the indices of lists.</param>
    /// <param name="section">Its path in the table of keys, with <c>[]</c>.</param>
    /// <param name="values">Where errors go.</param>
    private static void Walk(JsonElement element, string path, string section, Values values)
    {
        IReadOnlyList<string> known = KeyTable.Sections[section];
        if (element.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            values.AddBroken(path, element, $"write keys below it; {NearestName.Offer("", known)}");
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            string at = path.Length == 0 ? property.Name : path + "." + property.Name;
            string inTable = section.Length == 0 ? property.Name : section + "." + property.Name;
            if (KeyTable.ByPath.ContainsKey(inTable))
            {
                continue;
            }

            if (KeyTable.Sections.ContainsKey(inTable))
            {
                Walk(property.Value, at, inTable, values);
            }
            else if (KeyTable.Sections.ContainsKey(inTable + "[]"))
            {
                WalkList(property.Value, at, inTable + "[]", values);
            }
            else
            {
                values.Add(at, null, "is unknown", Elsewhere(property.Name) ?? NearestName.Offer(property.Name, known));
            }
        }

        string? Elsewhere(string name)
        {
            string[] places = [.. KeyTable.All.Where(key => key.Path.EndsWith("." + name, StringComparison.Ordinal)).Select(key => key.Path)];
            return places.Length == 1 && NearestName.Find(name, known) is null ? $"write it as {places[0]}" : null;
        }
    }

    private static void WalkList(JsonElement list, string path, string section, Values values)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            if (list.ValueKind != JsonValueKind.Null)
            {
                values.Add(path, Scalars.Show(list), "is no list", "write one entry after each \"- \"");
            }

            return;
        }

        int index = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]");
            if (element.ValueKind == JsonValueKind.Null)
            {
                values.Add(at, null, "is empty", $"write the entry's keys; {NearestName.Offer("", KeyTable.Sections[section])}");
            }

            Walk(element, at, section, values);
        }
    }
}
