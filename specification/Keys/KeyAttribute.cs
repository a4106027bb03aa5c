using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>
/// Declares a property of a specification's record as one of the stack file's values: what it means, its form and its default. There is no
/// other declaration: reading, the search for unknown keys and the table in the documentation all go by this one.
/// </summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
/// <param name="standard">The default as one would write it; null when there is none.</param>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class KeyAttribute(string meaning, string? standard) : Attribute
{
    public string Meaning => meaning;

    public string? Default => standard;

    /// <summary>
    /// Where the value comes from that is not written and has no plain default. Without default and note a value is required.
    /// </summary>
    public string? Note { get; init; }

    /// <summary>Its name in the stack file, where that is not the property's in camelCase.</summary>
    public string? Name { get; init; }

    /// <summary>What stands in the documentation where there is no plain default; null for a required value.</summary>
    public virtual string? DefaultNote => Note;

    /// <summary>What an unwritten value without plain default is; null leaves the property as the record makes it.</summary>
    public virtual object? Empty => null;

    /// <summary>Type, unit and range, as documentation shows them: <c>duration, 20s to 1h</c>.</summary>
    /// <param name="type">The property's type.</param>
    public abstract string Kind(Type type);

    /// <summary>The value, or what is wrong with it.</summary>
    /// <param name="element">What is written.</param>
    /// <param name="type">The property's type.</param>
    public abstract (object? Value, Complaint? Complaint) Read(JsonElement element, Type type);

    protected static (object? Value, Complaint? Complaint) Wrong(string problem, string remedy) => (null, new Complaint(problem, remedy));

    /// <summary>Refuses what is no number of the kind; a zero in front is octal to some readers.</summary>
    protected static (object? Value, Complaint? Complaint) NotANumber(JsonElement element, string otherwise, string remedy) =>
        Wrong(Scalars.HasLeadingZero(Scalars.Text(element) ?? "") ? "has a leading zero" : otherwise, remedy);
}
