using System.Collections;
using System.Text;

namespace Scriban.Runtime;

public interface IScriptObject
{
    int Count { get; }

    bool Contains(string member);
}

public class ScriptObject : Dictionary<string, object?>, IScriptObject
{
    public ScriptObject()
        : base(StringComparer.Ordinal)
    {
    }

    public bool Contains(string member) => ContainsKey(member);

    public void SetValue(string member, object? value, bool readOnly) => this[member] = value;
}

public class ScriptArray : List<object?>
{
    public ScriptArray()
    {
    }

    public ScriptArray(IEnumerable<object?> values)
        : base(values)
    {
    }
}

public static class ScriptObjectExtensions
{
    // Dictionaries keep their keys; members of other objects get their standard names, `MaxConnections` as max_connections.
    public static void Import(this IScriptObject script, object? obj)
    {
        if (script is not ScriptObject target || obj is null)
        {
            return;
        }

        if (obj is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                target[(string)entry.Key] = entry.Value;
            }

            return;
        }

        if (obj is IEnumerable<KeyValuePair<string, object?>> entries)
        {
            foreach (var (name, value) in entries)
            {
                target[name] = value;
            }

            return;
        }

        foreach (var property in obj.GetType().GetProperties())
        {
            target[StandardName(property.Name)] = property.GetValue(obj);
        }
    }

    internal static string StandardName(string name)
    {
        var builder = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1]))
            {
                builder.Append('_');
            }

            builder.Append(char.ToLowerInvariant(name[i]));
        }

        return builder.ToString();
    }
}
