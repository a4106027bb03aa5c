using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>State as JSON, each secret value encrypted by itself. Written by hand: reflection would cost more than the whole file.</summary>
internal sealed class StateSerializer(PassphraseCipher cipher)
{
    private const int Version = 1;
    private const string SecretKey = "$secret";

    // A value keeps its ciphertext: the file changes only where the state does, and nothing is encrypted twice.
    private readonly ConditionalWeakTable<PropertyValue, string> _ciphertexts = [];

    internal static string? EncryptionSalt(JsonElement root) =>
        root.TryGetProperty("encryptionsalt", out var salt) ? salt.GetString() : null;

    internal byte[] Write(StackState state, string project, string stack)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteString("project", project);
            writer.WriteString("stack", stack);
            writer.WriteString("encryptionsalt", cipher.EncryptionSalt);
            writer.WriteStartArray("resources");
            foreach (var resource in state.Resources.Values.Concat(state.Condemned).OrderBy(resource => resource.Sequence))
            {
                Write(writer, resource);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("pending");
            foreach (var (urn, operation) in state.Pending.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                writer.WriteString(urn, operation);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("outputs");
            Write(writer, state.Outputs);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal StackState Read(JsonElement root)
    {
        if (!root.TryGetProperty("version", out var version) || version.GetInt32() != Version)
        {
            throw new EngineException("The state file was written by another version of this program.");
        }

        var state = new StackState { EncryptionSalt = EncryptionSalt(root), Outputs = ReadValue(root.GetProperty("outputs")) };
        foreach (var element in root.GetProperty("resources").EnumerateArray())
        {
            var resource = ReadResource(element);
            if (resource.Condemned)
            {
                state.Condemned.Add(resource);
            }
            else
            {
                state.Resources[resource.Urn] = resource;
            }
        }

        foreach (var pending in root.GetProperty("pending").EnumerateObject())
        {
            state.Pending[pending.Name] = pending.Value.GetString() ?? string.Empty;
        }

        return state;
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

        writer.WriteNumber("sequence", resource.Sequence);
        WriteFlag(writer, "protect", resource.Protect);
        WriteFlag(writer, "retainOnDelete", resource.RetainOnDelete);
        WriteFlag(writer, "condemned", resource.Condemned);
        writer.WritePropertyName("inputs");
        Write(writer, resource.Inputs);
        writer.WritePropertyName("outputs");
        Write(writer, resource.Outputs);
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
        Sequence = element.GetProperty("sequence").GetInt32(),
        Protect = element.TryGetProperty("protect", out _),
        RetainOnDelete = element.TryGetProperty("retainOnDelete", out _),
        Condemned = element.TryGetProperty("condemned", out _),
        Inputs = ReadValue(element.GetProperty("inputs")),
        Outputs = ReadValue(element.GetProperty("outputs")),
        Dependencies = [.. element.GetProperty("dependencies").EnumerateArray().Select(item => item.GetString()!)],
    };

    private void Write(Utf8JsonWriter writer, PropertyValue value)
    {
        if (value.IsSecret)
        {
            writer.WriteStartObject();
            writer.WriteString(SecretKey, _ciphertexts.GetValue(value, Encrypt));
            writer.WriteEndObject();
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
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case PropertyKind.Map:
                writer.WriteStartObject();
                foreach (var (name, item) in value.Entries)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // All of a secret value is in its ciphertext, also the parts of it that are secret themselves.
    private string Encrypt(PropertyValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WritePlain(writer, value);
        }

        return cipher.Encrypt(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WritePlain(Utf8JsonWriter writer, PropertyValue value)
    {
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
                    WritePlain(writer, item);
                }

                writer.WriteEndArray();
                break;
            case PropertyKind.Map:
                writer.WriteStartObject();
                foreach (var (name, item) in value.Entries)
                {
                    writer.WritePropertyName(name);
                    WritePlain(writer, item);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private PropertyValue ReadValue(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when element.TryGetProperty(SecretKey, out var ciphertext):
                try
                {
                    using var document = JsonDocument.Parse(cipher.Decrypt(ciphertext.GetString()!));
                    var secret = ReadValue(document.RootElement).WithSecret(true);
                    _ciphertexts.AddOrUpdate(secret, ciphertext.GetString()!);
                    return secret;
                }
                catch (Exception error) when (error is CryptographicException or FormatException or JsonException)
                {
                    throw new EngineException("The state file is damaged: a secret in it cannot be decrypted. Restore it from a backup.", error);
                }

            case JsonValueKind.Object:
                return PropertyValue.Of(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, ReadValue(member.Value))));
            case JsonValueKind.Array:
                return PropertyValue.Of([.. element.EnumerateArray().Select(ReadValue)]);
            case JsonValueKind.String:
                return PropertyValue.Of(element.GetString());
            case JsonValueKind.Number:
                return PropertyValue.Of(element.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return PropertyValue.Of(element.GetBoolean());
            default:
                return PropertyValue.Null;
        }
    }
}
