using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Pulumi;

namespace PostgresHa.StandIns;

/// <summary>From property values to the types the program sees.</summary>
internal static class ValueConverter
{
    internal static object? Convert(PropertyValue value, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return value.Kind == PropertyKind.Null ? null : Convert(value, underlying);
        }

        if (type == typeof(PropertyValue))
        {
            return value;
        }

        if (value.Kind == PropertyKind.Null)
        {
            return type.IsValueType ? Empty(type) : null;
        }

        if (type == typeof(object))
        {
            return ToObject(value);
        }

        if (type == typeof(string))
        {
            return value.Kind == PropertyKind.Text ? value.Text : value.WithSecret(false).ToString();
        }

        if (type == typeof(bool))
        {
            return value.Boolean;
        }

        if (type == typeof(int))
        {
            return (int)Number(value);
        }

        if (type == typeof(double))
        {
            return Number(value);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            return Invoke(nameof(ToArray), type.GetGenericArguments()[0], value);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableDictionary<,>))
        {
            return Invoke(nameof(ToDictionary), type.GetGenericArguments()[1], value);
        }

        if (type.GetCustomAttribute<EnumTypeAttribute>() is not null)
        {
            return Activator.CreateInstance(type, BindingFlags.NonPublic | BindingFlags.Instance, null, [value.Text], null);
        }

        var constructor = type.GetConstructors(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(candidate => candidate.GetCustomAttribute<OutputConstructorAttribute>() is not null)
            ?? throw new InvalidOperationException($"No conversion of {value.Kind} to {type}.");
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Convert(value[parameter.Name!], parameter.ParameterType))]);
    }

    /// <summary>The value as plain .NET objects: what a mock sees.</summary>
    internal static object? ToObject(PropertyValue value) => value.Kind switch
    {
        PropertyKind.Boolean => value.Boolean,
        PropertyKind.Number => value.Number,
        PropertyKind.Text => value.Text,
        PropertyKind.List => value.Items.Select(item => ToObject(item)!).ToImmutableArray(),
        PropertyKind.Map => value.Entries.ToImmutableDictionary(entry => entry.Key, entry => ToObject(entry.Value)!),
        _ => null,
    };

    /// <summary>Plain JSON as a property value.</summary>
    internal static PropertyValue FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => PropertyValue.Of(true),
        JsonValueKind.False => PropertyValue.Of(false),
        JsonValueKind.Number => PropertyValue.Of(element.GetDouble()),
        JsonValueKind.String => PropertyValue.Of(element.GetString()),
        JsonValueKind.Array => PropertyValue.Of([.. element.EnumerateArray().Select(FromJson)]),
        JsonValueKind.Object => PropertyValue.Of(
            element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, FromJson(member.Value)))),
        _ => PropertyValue.Null,
    };

    private static double Number(PropertyValue value) =>
        value.Kind == PropertyKind.Text ? double.Parse(value.Text!, CultureInfo.InvariantCulture) : value.Number;

    private static object? Empty(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? Invoke(nameof(ToArray), type.GetGenericArguments()[0], PropertyValue.Null)
            : Activator.CreateInstance(type);

    private static object? Invoke(string method, Type item, PropertyValue value) =>
        typeof(ValueConverter).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(item).Invoke(null, [value]);

    private static ImmutableArray<T> ToArray<T>(PropertyValue value) =>
        [.. value.Items.Select(item => (T)Convert(item, typeof(T))!)];

    private static ImmutableDictionary<string, T> ToDictionary<T>(PropertyValue value) =>
        value.Entries.ToImmutableDictionary(entry => entry.Key, entry => (T)Convert(entry.Value, typeof(T))!);
}
