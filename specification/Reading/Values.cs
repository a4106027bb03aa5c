using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Gives the values of the keys in one stack's configuration and collects what is wrong with them.</summary>
/// <param name="root">The cluster's configuration.</param>
/// <param name="spellings">Values in it that are not written as they are read, by path.</param>
internal sealed class Values(JsonElement root, IReadOnlyDictionary<string, Spelling> spellings)
{
    /// <summary>Where the cluster's configuration lies in a stack file.</summary>
    public const string Root = "postgres-ha:cluster";

    private readonly HashSet<string> failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> broken = new(StringComparer.Ordinal);

    public List<SpecificationError> Errors { get; } = [];

    public List<SpecificationWarning> Warnings { get; } = [];

    /// <summary>Values that stand in for the keys' own defaults, by path and written as in a stack file.</summary>
    public IReadOnlyDictionary<string, string> Standards { get; set; } = new Dictionary<string, string>();

    /// <summary>The value, or its default; an error and a stand-in when it is wrong or missing.</summary>
    public T Read<T>(Key<T> key, int? index = null)
    {
        if (TryRead(key, index, out T value))
        {
            return value;
        }

        string path = PathOf(key, index);
        if (key.IsRequired && Good(path))
        {
            Add(path, null, "is missing", $"give it: {Decapitalise(key.Meaning)}");
        }

        if (Standards.TryGetValue(path, out string? standard))
        {
            return key.Parse(JsonSerializer.SerializeToElement(standard)).Value;
        }

        return key.DefaultValue is null && typeof(T) == typeof(string) ? (T)(object)"" : key.DefaultValue;
    }

    /// <summary>The value if one is written. A wrong one is reported; the method is then false as well.</summary>
    public bool TryRead<T>(Key<T> key, int? index, out T value)
    {
        string path = PathOf(key, index);
        value = default!;
        if (Find(path) is not { } element || IsMisspelt(key, path, element))
        {
            return false;
        }

        (value, Complaint? complaint) = key.Parse(element);
        if (complaint is not null)
        {
            Add(path, Scalars.Show(element), complaint.Problem, complaint.Remedy);
        }

        return complaint is null;
    }

    /// <summary>The value if one is written and right, else null.</summary>
    public string? ReadOptional(Key<string> key, int? index = null) => TryRead(key, index, out string value) ? value : null;

    /// <summary>Whether anything is written at a path.</summary>
    public bool Has(string path) => Find(path) is not null;

    /// <summary>Reports a value; the path is one below the root.</summary>
    public void Add(string path, string? value, string problem, string remedy)
    {
        failed.Add(path);
        Errors.Add(new SpecificationError(Full(path), value, problem, remedy));
    }

    /// <summary>Reports a section that is none: what is missing below it is missing for that reason.</summary>
    public void AddBroken(string path, JsonElement element, string remedy)
    {
        broken.Add(path);
        Add(path, Scalars.Show(element), "is no mapping", remedy);
    }

    /// <summary>Reports a value that is accepted and yet not wise; the path is one below the root.</summary>
    public void Warn(string path, string? value, string problem, string remedy) => Warnings.Add(new SpecificationWarning(Full(path), value, problem, remedy));

    /// <summary>Marks a value whose error is reported elsewhere, below it.</summary>
    public void MarkFailed(string path) => failed.Add(path);

    /// <summary>True when none of the values was reported, nor a section it would stand in: only then a rule about several of them has something to say.</summary>
    public bool Good(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            if (failed.Contains(path) || IsBelowBroken(path))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsBelowBroken(string path)
    {
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (broken.Contains(path[..dot]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is written at a path; null for nothing, an empty section, or a path through something that is no mapping.</summary>
    public JsonElement? Find(string path)
    {
        JsonElement current = root;
        foreach (string step in path.Split('.'))
        {
            int bracket = step.IndexOf('[', StringComparison.Ordinal);
            string name = bracket < 0 ? step : step[..bracket];
            if (current.ValueKind != JsonValueKind.Object || !current.TryGetProperty(name, out current))
            {
                return null;
            }

            if (bracket >= 0)
            {
                int index = int.Parse(step.AsSpan(bracket + 1, step.Length - bracket - 2), System.Globalization.CultureInfo.InvariantCulture);
                if (current.ValueKind != JsonValueKind.Array || index >= current.GetArrayLength())
                {
                    return null;
                }

                current = current[index];
            }
        }

        return current.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : current;
    }

    /// <summary>Reports what YAML took for something else than was written: the value, or one of those inside.</summary>
    private bool IsMisspelt(SpecificationKey key, string path, JsonElement element)
    {
        bool found = false;
        foreach ((string at, Spelling spelling) in spellings)
        {
            bool isInside = key.IsOpen && (at.StartsWith(path + ".", StringComparison.Ordinal) || at.StartsWith(path + "[", StringComparison.Ordinal));
            Complaint? complaint = at == path ? spelling.Check(element, key.IsText)
                : isInside && Inside(element, at[path.Length..]) is { } item ? spelling.CheckFree(item)
                : null;
            if (complaint is not null)
            {
                Add(at, spelling.Written, complaint.Problem, complaint.Remedy);
                found = true;
            }
        }

        if (found)
        {
            MarkFailed(path);
        }

        return found;
    }

    /// <summary>What stands at <c>.name</c> of a mapping or <c>[1]</c> of a list; names may have dots.</summary>
    private static JsonElement? Inside(JsonElement element, string step) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty(step[1..], out JsonElement value) => value,
        JsonValueKind.Array when int.TryParse(step[1..^1], out int index) && index < element.GetArrayLength() => element[index],
        _ => null,
    };

    private static string Full(string path) => path.Length == 0 ? Root : path.StartsWith('[') ? Root + path : $"{Root}.{path}";

    private static string PathOf(SpecificationKey key, int? index) => index is { } number ? key.At(number) : key.Path;

    private static string Decapitalise(string text)
    {
        string sentence = text.TrimEnd('.');
        return char.IsUpper(sentence[0]) && !char.IsUpper(sentence[1]) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;
    }
}
