using System.Globalization;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>
/// Makes the specification's records of what is written: each key's value, or its default; an error and a stand-in where it is wrong or
/// missing.
/// </summary>
/// <param name="spellings">Values that are not written as they are read, by path.</param>
/// <param name="findings">Where errors go.</param>
internal sealed class Binder(IReadOnlyDictionary<string, Spelling> spellings, Findings findings)
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, string> _profile = Profiles.Of(TimingProfile.Normal);

    /// <summary>The cluster, without what follows from several values.</summary>
    /// <param name="cluster">The cluster's configuration.</param>
    public ClusterSpecification Bind(JsonElement cluster) =>
        (ClusterSpecification)Bind(KeyTable.Root, cluster, "") with { Written = _written };

    private object Bind(SectionTable section, JsonElement? written, string path)
    {
        var record = Activator.CreateInstance(section.Type)!;
        foreach (var member in section.Members)
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var element = Child(written, member.Name);
            if (element is not null)
            {
                _written.Add(at);
            }

            var value = member.Key is { } key ? Value(key, element, at)
                : member.IsList ? List(member.Section!, element, at)
                : member.IsOptional && element is null ? null
                : Bind(member.Section!, element, at);
            if (value is not null)
            {
                member.Property.SetValue(record, value);
            }

            // It stands before everything it has a say in.
            if (value is TimingProfile profile)
            {
                _profile = Profiles.Of(profile);
            }
        }

        return record;
    }

    private Array List(SectionTable section, JsonElement? written, string path)
    {
        var records = new List<object>();
        foreach (var (index, element) in written is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Index() : [])
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                records.Add(Bind(section, element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")));
            }
            else
            {
                // Reported with the unknown keys. Indices are no longer those of the file.
                findings.MarkFailed(path);
            }
        }

        var array = Array.CreateInstance(section.Type, records.Count);
        records.ToArray().CopyTo(array, 0);
        return array;
    }

    private object? Value(SpecificationKey key, JsonElement? written, string path)
    {
        if (written is { } element && !IsMisspelt(key, path, element))
        {
            var (value, complaint) = key.Read(element);
            if (complaint is null)
            {
                return value;
            }

            findings.Add(path, Scalars.Show(element), complaint.Problem, complaint.Remedy);
        }

        if (key.IsRequired && findings.Good(path))
        {
            findings.Add(path, null, "is missing", $"give it: {Decapitalise(key.Meaning)}");
        }

        return key.Standard(_profile.GetValueOrDefault(path));
    }

    /// <summary>What is written under a name; null for nothing, an empty section, or in something that is no mapping.</summary>
    private static JsonElement? Child(JsonElement? mapping, string name) =>
        mapping is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var child)
            && child.ValueKind != JsonValueKind.Null
            ? child
            : null;

    /// <summary>Reports what YAML took for something else than was written: the value, or one of those inside.</summary>
    private bool IsMisspelt(SpecificationKey key, string path, JsonElement element)
    {
        var found = false;
        foreach (var (at, spelling) in spellings)
        {
            var isInside = key.IsOpen
                && (at.StartsWith(path + ".", StringComparison.Ordinal) || at.StartsWith(path + "[", StringComparison.Ordinal));
            var complaint = at == path ? spelling.Check(element, key.IsText)
                : isInside && Inside(element, at[path.Length..]) is { } item ? spelling.CheckFree(item)
                : null;
            if (complaint is not null)
            {
                findings.Add(at, spelling.Written, complaint.Problem, complaint.Remedy);
                found = true;
            }
        }

        if (found)
        {
            findings.MarkFailed(path);
        }

        return found;
    }

    /// <summary>What stands at <c>.name</c> of a mapping or <c>[1]</c> of a list; names may have dots.</summary>
    private static JsonElement? Inside(JsonElement element, string step) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty(step[1..], out var value) => value,
        JsonValueKind.Array when int.TryParse(step[1..^1], out var index) && index < element.GetArrayLength() => element[index],
        _ => null,
    };

    private static string Decapitalise(string text)
    {
        var sentence = text.TrimEnd('.');
        return char.IsUpper(sentence[0]) && !char.IsUpper(sentence[1]) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;
    }
}
