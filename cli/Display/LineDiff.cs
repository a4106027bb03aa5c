namespace PostgresHa.Cli.Display;

/// <summary>Differences between two texts, line by line, with some unchanged lines around them.</summary>
internal static class LineDiff
{
    /// <summary>Unchanged lines shown before and after a change.</summary>
    public const int Context = 3;

    // Beyond it the table of the comparison would take more memory than any configuration file is worth.
    private const long MaxCells = 16_000_000;

    /// <summary>
    /// The lines of a unified diff, each with its sign (<c>' '</c>, <c>'-'</c>, <c>'+'</c>) or, for the head of a group, <c>'@'</c>; none
    /// when the texts are the same.
    /// </summary>
    public static IReadOnlyList<(char Sign, string Line)> Unified(string old, string now)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(now);
        var edits = Edits(Lines(old), Lines(now));
        var result = new List<(char, string)>();
        for (var i = 0; i < edits.Count; i++)
        {
            if (edits[i].Sign == ' ')
            {
                continue;
            }

            var first = Math.Max(0, i - Context);
            var last = i;
            // Changes with no more than two contexts between them are one group.
            for (var j = i + 1; j < edits.Count && j - last <= (2 * Context) + 1; j++)
            {
                last = edits[j].Sign == ' ' ? last : j;
            }

            var end = Math.Min(edits.Count - 1, last + Context);
            var group = edits.GetRange(first, end - first + 1);
            var (oldStart, newStart) = (
                1 + edits.Take(first).Count(edit => edit.Sign != '+'), 1 + edits.Take(first).Count(edit => edit.Sign != '-'));
            result.Add(
                ('@', $"@@ -{oldStart},{group.Count(edit => edit.Sign != '+')} +{newStart},{group.Count(edit => edit.Sign != '-')} @@"));
            result.AddRange(group);
            i = end;
        }

        return result;
    }

    internal static string[] Lines(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : [.. lines[..^1], lines[^1] + "  (no line end)"];
    }

    private static List<(char Sign, string Line)> Edits(string[] old, string[] now)
    {
        var start = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start])
        {
            start++;
        }

        var (oldEnd, newEnd) = (old.Length, now.Length);
        while (oldEnd > start && newEnd > start && old[oldEnd - 1] == now[newEnd - 1])
        {
            oldEnd--;
            newEnd--;
        }

        var edits = old.Take(start).Select(line => (' ', line)).ToList();
        edits.AddRange(Middle(old[start..oldEnd], now[start..newEnd]));
        edits.AddRange(old.Skip(oldEnd).Select(line => (' ', line)));
        return edits;
    }

    // The longest common subsequence, by the textbook's table.
    private static List<(char Sign, string Line)> Middle(string[] old, string[] now)
    {
        if ((long)old.Length * now.Length > MaxCells)
        {
            return [.. old.Select(line => ('-', line)), .. now.Select(line => ('+', line))];
        }

        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var edits = new List<(char Sign, string Line)>();
        var (x, y) = (0, 0);
        while (x < old.Length || y < now.Length)
        {
            if (x < old.Length && y < now.Length && old[x] == now[y])
            {
                edits.Add((' ', old[x++]));
                y++;
            }
            else if (x < old.Length && (y == now.Length || common[x + 1, y] >= common[x, y + 1]))
            {
                edits.Add(('-', old[x++]));
            }
            else
            {
                edits.Add(('+', now[y++]));
            }
        }

        return edits;
    }
}
