using System.Text.Json;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Property values as JSON.</summary>
public static class PropertyJson
{
    /// <summary>Writes a value and all that is in it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value. Secrecy has no form in JSON: without <paramref name="instead"/> a secret is written as it is.</param>
    /// <param name="instead">Writes a value in a way of its own and says so; asked for each value, the outer ones first. Null for
    /// none.</param>
    public static void Write(Utf8JsonWriter writer, PropertyValue value, Func<Utf8JsonWriter, PropertyValue, bool>? instead = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (instead?.Invoke(writer, value) ?? false)
        {
            return;
        }

        switch (value.Kind)
        {
            case PropertyKind.Boolean:
                writer.WriteBooleanValue(value.Boolean);
                break;
            case PropertyKind.Number:
                writer.WriteNumberValue(value.Number);
                break;
            case PropertyKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case PropertyKind.List:
                writer.WriteStartArray();
                foreach (var item in value.Items)
                {
                    Write(writer, item, instead);
                }

                writer.WriteEndArray();
                break;
            case PropertyKind.Map:
                writer.WriteStartObject();
                foreach (var (name, item) in value.Entries)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item, instead);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
