using System.Reflection;

namespace PostgresHa.Specification;

/// <summary>The keys of <see cref="Keys"/> as a list, and what may stand below each path.</summary>
internal static class KeyTable
{
    /// <summary>All keys: sections in the order of the files, keys in the order they are declared in.</summary>
    public static IReadOnlyList<SpecificationKey> All { get; } =
    [
        .. typeof(Keys)
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .OrderBy(field => field.MetadataToken)
            .Select(field => field.GetValue(null))
            .OfType<SpecificationKey>()
            .GroupBy(key => key.Path.Split('.', '[')[0])
            .SelectMany(section => section),
    ];

    /// <summary>The keys by path.</summary>
    public static IReadOnlyDictionary<string, SpecificationKey> ByPath { get; } = All.ToDictionary(key => key.Path, StringComparer.Ordinal);

    /// <summary>The names that may stand in each section; the section's path is empty at the top, <c>hosts[]</c> in each host.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Sections { get; } = MakeSections();

    private static Dictionary<string, IReadOnlyList<string>> MakeSections()
    {
        var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (SpecificationKey key in All)
        {
            string section = "";
            foreach (string step in key.Path.Split('.'))
            {
                List<string> names = sections.TryGetValue(section, out List<string>? known) ? known : sections[section] = [];
                string name = step.Replace("[]", "", StringComparison.Ordinal);
                if (!names.Contains(name))
                {
                    names.Add(name);
                }

                section = section.Length == 0 ? step : section + "." + step;
            }
        }

        return sections.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value, StringComparer.Ordinal);
    }
}
