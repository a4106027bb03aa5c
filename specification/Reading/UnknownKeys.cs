using System.Globalization;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Finds what stands in the configuration and means nothing, and sections that are no section.</summary>
internal static class UnknownKeys
{
    public static void Report(JsonElement root, Findings findings) => Walk(root, "", KeyTable.Root, findings);

    private static void Walk(JsonElement element, string path, SectionTable section, Findings findings)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            findings.AddBroken(path, element, $"write keys below it; {NearestName.Offer("", section.Names)}");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : path + "." + property.Name;
            switch (section.Find(property.Name))
            {
                case { Section: { } list, IsList: true }:
                    WalkList(property.Value, at, list, findings);
                    break;
                case { Section: { } inner }:
                    Walk(property.Value, at, inner, findings);
                    break;
                case null:
                    findings.Add(
                        at, null, "is unknown", Elsewhere(property.Name, section) ?? NearestName.Offer(property.Name, section.Names));
                    break;
            }
        }
    }

    private static string? Elsewhere(string name, SectionTable section)
    {
        string[] places =
        [
            .. KeyTable.All.Where(key => key.Path.EndsWith("." + name, StringComparison.Ordinal)).Select(static key => key.Path),
        ];
        return places.Length == 1 && NearestName.Find(name, section.Names) is null ? $"write it as {places[0]}" : null;
    }

    private static void WalkList(JsonElement list, string path, SectionTable section, Findings findings)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            if (list.ValueKind != JsonValueKind.Null)
            {
                findings.Add(path, Scalars.Show(list), "is not a list", "write one entry after each \"- \"");
            }

            return;
        }

        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (element.ValueKind == JsonValueKind.Null)
            {
                findings.Add(at, null, "is empty", $"write the entry's keys; {NearestName.Offer("", section.Names)}");
            }

            Walk(element, at, section, findings);
        }
    }
}
