namespace PostgresHa.Specification;

/// <summary>Finds what was probably meant by a misspelt name.</summary>
internal static class NearestName
{
    /// <summary>The remedy for a wrong name: the nearest right one if one is near, and all of them.</summary>
    public static string Offer(string wrong, IReadOnlyCollection<string> right)
    {
        var all = $"allowed here: {string.Join(", ", right)}";
        return Find(wrong, right) is { } nearest ? $"did you mean {nearest}? ({all})" : all;
    }

    /// <summary>
    /// The name that needs the fewest edits, if that is at most a third of its length (at least one edit is always allowed).
    /// </summary>
    public static string? Find(string wrong, IEnumerable<string> right)
    {
        (var name, var distance) = right
            .Select(candidate => ((string?)candidate, Distance(Plain(wrong), Plain(candidate))))
            .OrderBy(pair => pair.Item2)
            .ThenBy(pair => pair.Item1, StringComparer.Ordinal)
            .FirstOrDefault((null, int.MaxValue));
        return name is not null && distance <= Math.Max(1, name.Length / 3) ? name : null;
    }

    /// <summary>Neither case nor snake_case against camelCase makes a name another one.</summary>
    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
