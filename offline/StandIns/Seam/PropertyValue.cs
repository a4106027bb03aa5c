using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PostgresHa.StandIns;

/// <summary>What a <see cref="PropertyValue"/> holds.</summary>
public enum PropertyKind
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>A truth value.</summary>
    Boolean,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A list of values.</summary>
    List,

    /// <summary>Values by name.</summary>
    Map,

    /// <summary>A value only known once the program is applied.</summary>
    Unknown,
}

/// <summary>One input or output property of a resource: plain data that knows whether it is secret.</summary>
/// <remarks>Two values are equal when their content is; whether it is secret does not count, as in the real engine's comparison.</remarks>
public sealed class PropertyValue : IEquatable<PropertyValue>
{
    private static readonly PropertyValue[] NoItems = [];
    private static readonly SortedDictionary<string, PropertyValue> NoEntries = [];

    private readonly object? _content;

    private PropertyValue(PropertyKind kind, object? content, bool secret)
    {
        Kind = kind;
        _content = content;
        IsSecret = secret;
    }

    /// <summary>The absent value.</summary>
    public static PropertyValue Null { get; } = new(PropertyKind.Null, null, false);

    /// <summary>The value not known yet.</summary>
    public static PropertyValue Unknown { get; } = new(PropertyKind.Unknown, null, false);

    /// <summary>An empty map.</summary>
    public static PropertyValue Empty { get; } = new(PropertyKind.Map, NoEntries, false);

    /// <summary>What it holds.</summary>
    public PropertyKind Kind { get; }

    /// <summary>Whether the value itself (not only one inside it) is secret.</summary>
    public bool IsSecret { get; }

    /// <summary>The truth value; false for any other kind.</summary>
    public bool Boolean => _content is true;

    /// <summary>The number; 0 for any other kind.</summary>
    public double Number => _content is double number ? number : 0;

    /// <summary>The text; null for any other kind.</summary>
    public string? Text => _content as string;

    /// <summary>The items of a list; none for any other kind.</summary>
    public IReadOnlyList<PropertyValue> Items => _content as IReadOnlyList<PropertyValue> ?? NoItems;

    /// <summary>The entries of a map in ordinal order of their names; none for any other kind.</summary>
    public IReadOnlyDictionary<string, PropertyValue> Entries => _content as SortedDictionary<string, PropertyValue> ?? NoEntries;

    /// <summary>Whether the value is secret or holds one that is.</summary>
    public bool HasSecret => IsSecret || Any(static value => value.IsSecret);

    /// <summary>Whether the value is unknown or holds one that is.</summary>
    public bool HasUnknown => Kind == PropertyKind.Unknown || Any(static value => value.Kind == PropertyKind.Unknown);

    /// <summary>A truth value.</summary>
    public static PropertyValue Of(bool value) => new(PropertyKind.Boolean, value, false);

    /// <summary>A number.</summary>
    public static PropertyValue Of(double value) => new(PropertyKind.Number, value, false);

    /// <summary>A text, or <see cref="Null"/>.</summary>
    public static PropertyValue Of(string? value) => value is null ? Null : new(PropertyKind.Text, value, false);

    /// <summary>A list.</summary>
    public static PropertyValue Of(IReadOnlyList<PropertyValue> items) => new(PropertyKind.List, items, false);

    /// <summary>A map; entries that are <see cref="Null"/> are left out.</summary>
    public static PropertyValue Of(IEnumerable<KeyValuePair<string, PropertyValue>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var sorted = new SortedDictionary<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (name, value) in entries)
        {
            if (value.Kind != PropertyKind.Null)
            {
                sorted[name] = value;
            }
        }

        return new(PropertyKind.Map, sorted, false);
    }

    /// <summary>The same value, secret or not.</summary>
    public PropertyValue WithSecret(bool secret) => secret == IsSecret ? this : new(Kind, _content, secret);

    /// <summary>The entry of a map, or <see cref="Null"/>.</summary>
    public PropertyValue this[string name] => Entries.TryGetValue(name, out var value) ? value : Null;

    /// <summary>Every text and number inside a secret value, itself included.</summary>
    public IEnumerable<string> SecretTexts() => Texts(inSecret: false);

    /// <summary>Whether it is equal and secret in the same places; what is inside a secret value is secret anyway.</summary>
    public bool IsIdenticalTo(PropertyValue? other) => other is not null && Kind == other.Kind && IsSecret == other.IsSecret && Kind switch
    {
        PropertyKind.List when !IsSecret => Items.Count == other.Items.Count
            && Items.Zip(other.Items).All(pair => pair.First.IsIdenticalTo(pair.Second)),
        PropertyKind.Map when !IsSecret => Entries.Count == other.Entries.Count
            && Entries.All(entry => other.Entries.TryGetValue(entry.Key, out var value) && entry.Value.IsIdenticalTo(value)),
        _ => Equals(other),
    };

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PropertyValue? other)
    {
        if (other is null || other.Kind != Kind)
        {
            return false;
        }

        return ReferenceEquals(this, other) || Kind switch
        {
            PropertyKind.Null => true,
            PropertyKind.Boolean => Boolean == other.Boolean,
            PropertyKind.Number => Number.Equals(other.Number),
            PropertyKind.Text => string.Equals(Text, other.Text, StringComparison.Ordinal),
            PropertyKind.List => Items.SequenceEqual(other.Items),
            PropertyKind.Map => Entries.Count == other.Entries.Count
                && Entries.All(entry => other.Entries.TryGetValue(entry.Key, out var value) && entry.Value.Equals(value)),
            _ => false, // Unknown equals nothing, not even itself: it may become anything.
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PropertyValue);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        PropertyKind.List => HashCode.Combine(Kind, Items.Count),
        PropertyKind.Map => HashCode.Combine(Kind, Entries.Count),
        _ => HashCode.Combine(Kind, _content),
    };

    /// <summary>The value for people: secrets and unknown values masked.</summary>
    public override string ToString() => IsSecret ? "[secret]" : Kind switch
    {
        PropertyKind.Null => "null",
        PropertyKind.Boolean => Boolean ? "true" : "false",
        PropertyKind.Number => Number.ToString(CultureInfo.InvariantCulture),
        PropertyKind.Text => Text!,
        PropertyKind.List => "[" + string.Join(", ", Items) + "]",
        PropertyKind.Map => "{" + string.Join(", ", Entries.Select(entry => entry.Key + ": " + entry.Value)) + "}",
        _ => "[not known yet]",
    };

    private bool Any(Func<PropertyValue, bool> test) => Kind switch
    {
        PropertyKind.List => Items.Any(item => test(item) || item.Any(test)),
        PropertyKind.Map => Entries.Values.Any(item => test(item) || item.Any(test)),
        _ => false,
    };

    private IEnumerable<string> Texts(bool inSecret)
    {
        inSecret |= IsSecret;
        return Kind switch
        {
            PropertyKind.Text when inSecret => [Text!],
            PropertyKind.Number when inSecret => [Number.ToString(CultureInfo.InvariantCulture)],
            PropertyKind.List => Items.SelectMany(item => item.Texts(inSecret)),
            PropertyKind.Map => Entries.Values.SelectMany(item => item.Texts(inSecret)),
            _ => [],
        };
    }
}
