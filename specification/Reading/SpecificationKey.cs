using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>One value that a stack file may have: the property it is for, with its declaration and its path.</summary>
internal sealed class SpecificationKey(string path, PropertyInfo property, KeyAttribute declaration)
{
    private readonly Type _type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
    private object? _standard;

    /// <summary>Path below <c>postgres-ha:cluster</c>; <c>[]</c> stands for the index of a list: <c>hosts[].address</c>.</summary>
    public string Path => path;

    /// <inheritdoc cref="KeyAttribute.Meaning"/>
    public string Meaning => declaration.Meaning;

    /// <inheritdoc cref="KeyAttribute.Kind"/>
    public string Kind => declaration.Kind(_type);

    /// <inheritdoc cref="KeyAttribute.Default"/>
    public string? Default => declaration.Default;

    /// <inheritdoc cref="KeyAttribute.DefaultNote"/>
    public string DefaultNote => declaration.DefaultNote ?? "required";

    public bool IsRequired => Default is null && declaration.DefaultNote is null;

    /// <summary>Whether the value is a single text, not a number or a choice.</summary>
    public bool IsText => declaration is TextAttribute;

    /// <summary>Whether the value is a list or mapping of free content, whose inside is not looked at for unknown keys.</summary>
    public bool IsOpen => declaration is TextsAttribute or MapAttribute;

    public (object? Value, Complaint? Complaint) Read(JsonElement element) => declaration.Read(element, _type);

    /// <summary>What the property is where nothing is written; null leaves it as the record makes it.</summary>
    /// <param name="profile">What the profile says of the value; null for nothing.</param>
    public object? Standard(string? profile) => profile is null ? _standard ??= Unwritten() : Read(profile);

    // A text that may be missing is a nullable property; of one that has yet to be found elsewhere nothing is known.
    private object? Unwritten() => Default is { } text ? Read(text)
        : IsText && property.IsDefined(typeof(RequiredMemberAttribute)) ? ""
        : declaration.Empty;

    private object? Read(string text) => Read(Scalars.Element(text)).Value;
}
