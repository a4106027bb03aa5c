using System.Globalization;
using System.Text;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>
/// A place in the inputs of a resource, as <c>ignoreChanges</c> and <c>replaceOnChanges</c> name it: <c>triggers[*]</c>,
/// <c>environment.PATH</c>.
/// </summary>
/// <param name="Keys">Names (text), indices (numbers), and <c>*</c> for all of them.</param>
internal sealed record PropertyPath(IReadOnlyList<object> Keys)
{
    private const string All = "*";

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static PropertyPath Parse(string text)
    {
        var keys = new List<object>();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '.' && at > 0)
            {
                at++;
            }

            keys.Add(at < text.Length && text[at] == '[' ? Bracketed(text, ref at) : Named(text, ref at));
        }

        return keys.Count > 0 ? new PropertyPath(keys) : throw Wrong(text);
    }

    /// <summary>The new inputs with what stood at this place before; secret where either is.</summary>
    internal PropertyValue Reset(PropertyValue old, PropertyValue now) => Reset(old, now, 0);

    /// <summary>Whether something at this place, or below it, is another.</summary>
    internal bool Differs(PropertyValue old, PropertyValue now) => Differs(old, now, 0);

    private static string Named(string text, ref int at)
    {
        var end = text.AsSpan(at).IndexOfAny('.', '[');
        var name = end < 0 ? text[at..] : text.Substring(at, end);
        at += name.Length;
        return name.Length > 0 ? name : throw Wrong(text);
    }

    private static object Bracketed(string text, ref int at)
    {
        if (text.AsSpan(at).StartsWith("[\""))
        {
            var name = new StringBuilder();
            for (at += 2; at < text.Length && text[at] != '"'; at++)
            {
                at += text[at] == '\\' ? 1 : 0;
                name.Append(at < text.Length ? text[at] : throw Wrong(text));
            }

            return text.AsSpan(Math.Min(at, text.Length)).StartsWith("\"]") && (at += 2) > 0 ? name.ToString() : throw Wrong(text);
        }

        var end = text.IndexOf(']', at);
        var index = end < 0 ? string.Empty : text[(at + 1)..end];
        at = end + 1;
        return index == All ? All
            : int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw Wrong(text);
    }

    private static FormatException Wrong(string text) =>
        new($"“{text}” is not the path of an input, like stdin, environment.PATH or triggers[0]");

    private PropertyValue Reset(PropertyValue old, PropertyValue now, int depth)
    {
        if (depth == Keys.Count)
        {
            return old.WithSecret(old.IsSecret || (now.IsSecret && old.Kind != PropertyKind.Null));
        }

        // An element more or less cannot be ignored, since the places of the others would move.
        if (now.Kind == PropertyKind.List && old.Kind == PropertyKind.List)
        {
            return PropertyValue.Of([.. now.Items.Select((item, index) =>
                index < old.Items.Count && Matches(depth, index)
                    ? Reset(old.Items[index], item, depth + 1)
                    : item)]).WithSecret(now.IsSecret);
        }

        if (now.Kind != PropertyKind.Map || old.Kind != PropertyKind.Map)
        {
            return now;
        }

        var last = depth == Keys.Count - 1;
        return PropertyValue.Of(
            from name in now.Entries.Keys.Union(old.Entries.Keys)
            let here = Matches(depth, name) && (last || (now.Entries.ContainsKey(name) && old.Entries.ContainsKey(name)))
            select KeyValuePair.Create(name, here ? Reset(old[name], now[name], depth + 1) : now[name])).WithSecret(now.IsSecret);
    }

    private bool Differs(PropertyValue old, PropertyValue now, int depth)
    {
        if (depth == Keys.Count || old.Kind != now.Kind || now.Kind is not (PropertyKind.List or PropertyKind.Map))
        {
            // Where one of the two does not reach so deep, the place exists on one side only, or on none.
            return (depth == Keys.Count || Reaches(old, depth) || Reaches(now, depth)) && !old.Equals(now);
        }

        return now.Kind == PropertyKind.Map
            ? now.Entries.Keys.Union(old.Entries.Keys).Any(name => Matches(depth, name) && Differs(old[name], now[name], depth + 1))
            : Enumerable.Range(0, Math.Max(old.Items.Count, now.Items.Count)).Any(index =>
                Matches(depth, index)
                    && Differs(
                        old.Items.ElementAtOrDefault(index) ?? PropertyValue.Null,
                        now.Items.ElementAtOrDefault(index) ?? PropertyValue.Null,
                        depth + 1));
    }

    private bool Reaches(PropertyValue value, int depth) => depth == Keys.Count ? value.Kind != PropertyKind.Null : value.Kind switch
    {
        PropertyKind.Map => value.Entries.Any(entry => Matches(depth, entry.Key) && Reaches(entry.Value, depth + 1)),
        PropertyKind.List => value.Items.Index().Any(item => Matches(depth, item.Index) && Reaches(item.Item, depth + 1)),
        PropertyKind.Unknown => true,
        _ => false,
    };

    private bool Matches(int depth, object key) => Keys[depth] is All || Keys[depth].Equals(key);
}
