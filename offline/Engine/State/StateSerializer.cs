using System.Buffers;
using System.Text.Json;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>
/// State as JSON, each secret value encrypted by itself. Written by hand: reflection would cost more than the whole file.
/// </summary>
internal sealed class StateSerializer(PassphraseCipher cipher)
{
    private const int Version = 1;

    private readonly StateValues _values = new(cipher);

    internal static string? EncryptionSalt(JsonElement root) =>
        root.TryGetProperty("encryptionsalt", out var salt) ? salt.GetString() : null;

    // Counts how often the whole file was written, so that a journal is never taken for that of another file. Older files have none.
    internal static long Serial(JsonElement root) => root.TryGetProperty("serial", out var serial) ? serial.GetInt64() : 0;

    /// <summary>Refuses a state that was copied: what it knows of belongs to another stack, which would be undone.</summary>
    /// <exception cref="EngineException">It is of another stack or project.</exception>
    internal static void RequireOf(JsonElement root, StackSettings settings)
    {
        // Where they are missing it is damaged, which is said otherwise.
        if (Text("project") is { } project && Text("stack") is { } stack && (project != settings.Project || stack != settings.Stack))
        {
            throw new EngineException(
                $"{settings.StatePath} is the state of stack {stack} of project {project}, not of {settings.Stack} of {settings.Project}: "
                + "it was copied or renamed. Give it its name back; a new stack begins without a state.");
        }

        string? Text(string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    internal byte[] Write(StackState state, long serial, string project, string stack) => Write(indented: true, writer =>
    {
        writer.WriteNumber("version", Version);
        writer.WriteNumber("serial", serial);
        writer.WriteString("project", project);
        writer.WriteString("stack", stack);
        writer.WriteString("encryptionsalt", cipher.EncryptionSalt);
        WriteResources(writer, state.All.OrderBy(resource => resource.Sequence));
        writer.WriteStartObject("pending");
        foreach (var (urn, operation) in state.Pending.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WriteString(urn, operation);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("outputs");
        _values.Write(writer, state.Outputs);
    });

    /// <summary>One entry of the journal: what now stands where something changed, so that applying it twice does no harm.</summary>
    internal byte[] WriteChanges(StackState state, StateChanges changes) => Write(indented: false, writer =>
    {
        writer.WriteStartObject("changed");
        foreach (var urn in changes.Resources)
        {
            WriteResources(writer, state.Recorded(urn), urn);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("pending");
        foreach (var urn in changes.Pending)
        {
            writer.WriteString(urn, state.Pending.GetValueOrDefault(urn));
        }

        writer.WriteEndObject();
        if (changes.Outputs)
        {
            writer.WritePropertyName("outputs");
            _values.Write(writer, state.Outputs);
        }
    });

    internal StackState Read(JsonElement root)
    {
        if (!root.TryGetProperty("version", out var version) || version.GetInt32() != Version)
        {
            throw new EngineException("The state file was written by another version of this program.");
        }

        var state = new StackState { EncryptionSalt = EncryptionSalt(root) };
        foreach (var group in root.GetProperty("resources").EnumerateArray().Select(ReadResource)
            .GroupBy(resource => resource.Urn, StringComparer.Ordinal))
        {
            state.Replace(group.Key, group);
        }

        foreach (var pending in root.GetProperty("pending").EnumerateObject())
        {
            state.Begin(pending.Name, pending.Value.GetString() ?? string.Empty);
        }

        state.SetOutputs(_values.Read(root.GetProperty("outputs")));
        state.TakeChanges();
        return state;
    }

    internal void Apply(StackState state, JsonElement changes)
    {
        foreach (var changed in changes.GetProperty("changed").EnumerateObject())
        {
            state.Replace(changed.Name, changed.Value.EnumerateArray().Select(ReadResource).ToList());
        }

        foreach (var pending in changes.GetProperty("pending").EnumerateObject())
        {
            if (pending.Value.GetString() is { } operation)
            {
                state.Begin(pending.Name, operation);
            }
            else
            {
                state.End(pending.Name);
            }
        }

        if (changes.TryGetProperty("outputs", out var outputs))
        {
            state.SetOutputs(_values.Read(outputs));
        }

        state.TakeChanges();
    }

    private static byte[] Write(bool indented, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 12);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteResources(Utf8JsonWriter writer, IEnumerable<ResourceState> resources, string name = "resources")
    {
        writer.WriteStartArray(name);
        foreach (var resource in resources)
        {
            Write(writer, resource);
        }

        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, ResourceState resource)
    {
        writer.WriteStartObject();
        writer.WriteString("urn", resource.Urn);
        writer.WriteBoolean("custom", resource.IsCustom);
        if (resource.Id is not null)
        {
            writer.WriteString("id", resource.Id);
        }

        if (resource.Parent is not null)
        {
            writer.WriteString("parent", resource.Parent);
        }

        if (resource.Alias is not null)
        {
            writer.WriteString("alias", resource.Alias);
        }

        writer.WriteNumber("sequence", resource.Sequence);
        WriteFlag(writer, "protect", resource.Protect);
        WriteFlag(writer, "retainOnDelete", resource.RetainOnDelete);
        WriteFlag(writer, "condemned", resource.Condemned);
        WriteFlag(writer, "awaitsReplacement", resource.AwaitsReplacement);
        writer.WritePropertyName("inputs");
        _values.Write(writer, resource.Inputs);
        writer.WritePropertyName("outputs");
        _values.Write(writer, resource.Outputs);
        writer.WriteStartArray("dependencies");
        foreach (var dependency in resource.Dependencies.Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(dependency);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, true);
        }
    }

    private ResourceState ReadResource(JsonElement element) => new()
    {
        Urn = element.GetProperty("urn").GetString()!,
        IsCustom = element.GetProperty("custom").GetBoolean(),
        Id = element.TryGetProperty("id", out var id) ? id.GetString() : null,
        Parent = element.TryGetProperty("parent", out var parent) ? parent.GetString() : null,
        Alias = element.TryGetProperty("alias", out var alias) ? alias.GetString() : null,
        Sequence = element.GetProperty("sequence").GetInt32(),
        Protect = element.TryGetProperty("protect", out _),
        RetainOnDelete = element.TryGetProperty("retainOnDelete", out _),
        Condemned = element.TryGetProperty("condemned", out _),
        AwaitsReplacement = element.TryGetProperty("awaitsReplacement", out _),
        Inputs = _values.Read(element.GetProperty("inputs")),
        Outputs = _values.Read(element.GetProperty("outputs")),
        Dependencies = [.. element.GetProperty("dependencies").EnumerateArray().Select(item => item.GetString()!)],
    };
}
