using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>A preview, and outputs, for other programs.</summary>
internal static class PreviewJson
{
    internal static string Write(string stack, IReadOnlyList<Step> steps)
    {
        using var stream = new MemoryStream();
        using (var writer = New(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("stack", stack);
            writer.WriteString("summary", PreviewDisplay.Summary(steps));
            writer.WriteStartArray("steps");
            foreach (var step in steps)
            {
                Write(writer, step);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    internal static string Write(IReadOnlyDictionary<string, PropertyValue> outputs, bool showSecrets)
    {
        using var stream = new MemoryStream();
        using (var writer = New(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in outputs)
            {
                writer.WritePropertyName(name);
                Write(writer, value, showSecrets);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Utf8JsonWriter New(Stream stream) =>
        new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static void Write(Utf8JsonWriter writer, Step step)
    {
        writer.WriteStartObject();
#pragma warning disable CA1308 // the names that Pulumi's own JSON has
        writer.WriteString("op", step.Operation.ToString().ToLowerInvariant());
#pragma warning restore CA1308
        writer.WriteString("urn", step.Urn);
        writer.WriteString("type", step.Type);
        writer.WriteString("name", step.Name);
        if (step.Host is not null)
        {
            writer.WriteString("host", step.Host);
        }

        if (step.Reason is not null)
        {
            writer.WriteString("reason", step.Reason);
        }

        writer.WriteStartArray("changes");
        foreach (var change in step.IsCustom ? step.Changes : [])
        {
            writer.WriteStartObject();
            writer.WriteString("input", change.Name);
            writer.WritePropertyName("old");
            Write(writer, change.Old, showSecrets: false);
            writer.WritePropertyName("new");
            Write(writer, change.New, showSecrets: false);
            if (change is { Old: { Kind: PropertyKind.Text, IsSecret: false }, New: { Kind: PropertyKind.Text, IsSecret: false } })
            {
                writer.WriteString("diff", string.Join('\n', LineDiff.Unified(change.Old.Text!, change.New.Text!)
                    .Select(line => line.Sign == '@' ? line.Line : line.Sign + line.Line)));
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PropertyValue value, bool showSecrets)
    {
        if (value.IsSecret && !showSecrets)
        {
            writer.WriteStringValue("[secret]");
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
                    Write(writer, item, showSecrets);
                }

                writer.WriteEndArray();
                break;
            case PropertyKind.Map:
                writer.WriteStartObject();
                foreach (var (name, item) in value.Entries)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item, showSecrets);
                }

                writer.WriteEndObject();
                break;
            case PropertyKind.Unknown:
                writer.WriteStringValue(value.ToString());
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
