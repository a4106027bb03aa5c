using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PostgresHa.Cli.Consequences;
using PostgresHa.Offline;
using PostgresHa.StandIns;

namespace PostgresHa.Cli.Display;

/// <summary>A preview, and outputs, for other programs.</summary>
internal static class PreviewJson
{
    internal static string Write(string stack, IReadOnlyList<Step> steps, ConsequenceSummary? consequences = null) => Write(writer =>
    {
        writer.WriteString("stack", stack);
        writer.WriteString("summary", PreviewDisplay.Summary(steps));
        writer.WriteStartArray("steps");
        foreach (var step in steps)
        {
            Write(writer, step);
        }

        writer.WriteEndArray();
        if (consequences is not null)
        {
            Write(writer, consequences);
        }
    });

    internal static string Write(IReadOnlyDictionary<string, PropertyValue> outputs, bool showSecrets) => Write(writer =>
    {
        foreach (var (name, value) in outputs)
        {
            writer.WritePropertyName(name);
            PropertyJson.Write(writer, value, showSecrets ? null : Mask);
        }
    });

    private static string Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, ConsequenceSummary summary)
    {
        writer.WriteBoolean("newCluster", summary.IsNewCluster);
        writer.WriteStartArray("consequences");
        foreach (var one in summary.Hosts.Append(null).SelectMany(summary.On))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", RefusedKinds.Name(one.Kind));
            // Null: whichever leads by then.
            writer.WriteString("host", one.Host);
            writer.WriteString("what", one.Text);
            writer.WriteBoolean("certain", one.IsCertain);
            writer.WriteString("resource", one.Resource);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("writesStop");
        foreach (var stop in summary.WriteStops)
        {
            writer.WriteStartObject();
            writer.WriteString("while", stop.Reason);
            writer.WriteNumber("worstSeconds", stop.Worst.TotalSeconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

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
            PropertyJson.Write(writer, change.Old, Mask);
            writer.WritePropertyName("new");
            PropertyJson.Write(writer, change.New, Mask);
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

    private static bool Mask(Utf8JsonWriter writer, PropertyValue value)
    {
        var masked = value.IsSecret || value.Kind == PropertyKind.Unknown;
        if (masked)
        {
            writer.WriteStringValue(value.ToString());
        }

        return masked;
    }
}
