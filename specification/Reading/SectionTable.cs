using System.Reflection;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>
/// A record of the specification as a section of the stack file: what may stand in it, in the order of the record's properties.
/// </summary>
internal sealed class SectionTable
{
    private readonly Dictionary<string, Member> _byName;

    /// <param name="type">The record.</param>
    /// <param name="path">The section's path, with <c>[]</c> for the index of a list; empty for the whole cluster.</param>
    public SectionTable(Type type, string path)
    {
        Type = type;
        Path = path;
        Members = [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .OrderBy(static property => property.MetadataToken)
            .Select(property => Declared(property, path))
            .OfType<Member>()];
        _byName = Members.ToDictionary(static member => member.Name, StringComparer.Ordinal);
    }

    public Type Type { get; }

    public string Path { get; }

    public IReadOnlyList<Member> Members { get; }

    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>The keys of the section and of those in it.</summary>
    public IEnumerable<SpecificationKey> Keys => Members.SelectMany(static member => member.Key is { } key ? [key] : member.Section!.Keys);

    public Member? Find(string name) => _byName.GetValueOrDefault(name);

    private static Member? Declared(PropertyInfo property, string path)
    {
        if (property.GetCustomAttribute<KeyAttribute>() is { } declaration)
        {
            var name = declaration.Name ?? CamelCase(property);
            return new Member(
                name, property, new SpecificationKey(Below(path, name), property, declaration), null, IsList: false, IsOptional: false);
        }

        if (property.GetCustomAttribute<SectionAttribute>() is { } section)
        {
            var name = section.Name ?? CamelCase(property);
            var isList = property.PropertyType.IsGenericType;
            var type = isList ? property.PropertyType.GenericTypeArguments[0] : property.PropertyType;
            return new Member(
                name, property, null, new SectionTable(type, Below(path, name) + (isList ? "[]" : "")), isList, section.IsOptional);
        }

        return null;
    }

    private static string CamelCase(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>One name of the section: that of a key, or of a section in it.</summary>
    /// <param name="Name">As the stack file has it.</param>
    /// <param name="Property">The record's property.</param>
    /// <param name="Key">The key; null for a section.</param>
    /// <param name="Section">The section, of each element where it is a list; null for a key.</param>
    /// <param name="IsList">Whether there may be many of the section.</param>
    /// <param name="IsOptional"><see cref="SectionAttribute.IsOptional"/>.</param>
    internal sealed record Member(
        string Name, PropertyInfo Property, SpecificationKey? Key, SectionTable? Section, bool IsList, bool IsOptional);
}
