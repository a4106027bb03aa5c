using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>One configuration value the reader knows: its path, what it means and what it is when unset.</summary>
/// <remarks>The table of these drives reading, the search for unknown keys and the table in the documentation, so the three cannot differ.</remarks>
public abstract class SpecificationKey
{
    private protected SpecificationKey(string path, string meaning, string kind)
    {
        Path = path;
        Meaning = meaning;
        Kind = kind;
    }

    /// <summary>Path below <c>postgres-ha:cluster</c>; <c>[]</c> stands for the index of a list: <c>hosts[].address</c>.</summary>
    public string Path { get; }

    /// <summary>What the value decides, in one sentence.</summary>
    public string Meaning { get; }

    /// <summary>Type, unit and range, as documentation shows them: <c>duration, 20s to 1h</c>.</summary>
    public string Kind { get; }

    /// <summary>The default as one would write it; null when there is none.</summary>
    public string? Default { get; private protected init; }

    /// <summary>What stands in the documentation where there is no plain default: <c>required</c>, or where the default comes from.</summary>
    public string DefaultNote { get; private protected init; } = "required";

    /// <summary>Whether the value is a list or mapping of free content, whose inside is not looked at for unknown keys.</summary>
    public bool IsOpen { get; private protected init; }

    /// <summary>Whether the value is a single text, not a number or a choice.</summary>
    internal bool IsText { get; private protected init; }

    /// <summary>The path of the value in one element of its list.</summary>
    internal string At(int index) => Path.Replace("[]", $"[{index}]", StringComparison.Ordinal);

    /// <summary>The path of the value where it is in no list.</summary>
    public override string ToString() => Path;
}

/// <summary>What is wrong with one value.</summary>
internal sealed record Complaint(string Problem, string Remedy);

/// <summary>A key whose value has the given type.</summary>
internal sealed class Key<T> : SpecificationKey
{
    private readonly Func<JsonElement, (T Value, Complaint? Complaint)> parse;

    public Key(string path, string meaning, string kind, string? @default, string? note, Func<JsonElement, (T Value, Complaint? Complaint)> parse)
        : base(path, meaning, kind)
    {
        this.parse = parse;
        Default = @default;
        DefaultNote = note ?? "required";
        IsRequired = @default is null && note is null;
        IsText = typeof(T) == typeof(string);
        IsOpen = !IsText && !typeof(T).IsValueType;
        DefaultValue = @default is null ? default! : parse(JsonSerializer.SerializeToElement(@default)).Value;
    }

    public bool IsRequired { get; }

    public T DefaultValue { get; init; }

    public (T Value, Complaint? Complaint) Parse(JsonElement element) => parse(element);
}
