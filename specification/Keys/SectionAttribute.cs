namespace PostgresHa.Specification;

/// <summary>Declares a property as a section of the stack file: a record with keys of its own, or a list of them.</summary>
/// <param name="name">Its name in the stack file, where that is not the property's in camelCase.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SectionAttribute(string? name = null) : Attribute
{
    public string? Name => name;

    /// <summary>Whether the property is null where nothing of the section is written.</summary>
    public bool IsOptional { get; init; }
}
