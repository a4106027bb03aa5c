using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Property values as JSON; a secret one as its ciphertext.</summary>
internal sealed class StateValues(PassphraseCipher cipher)
{
    private const string SecretKey = "$secret";

    // A value keeps its ciphertext: the file changes only where the state does, and nothing is encrypted twice.
    private readonly ConditionalWeakTable<PropertyValue, string> _ciphertexts = [];

    internal void Write(Utf8JsonWriter writer, PropertyValue value) => PropertyJson.Write(writer, value, WriteSecret);

    private bool WriteSecret(Utf8JsonWriter writer, PropertyValue value)
    {
        if (value.IsSecret)
        {
            writer.WriteStartObject();
            writer.WriteString(SecretKey, _ciphertexts.GetValue(value, Encrypt));
            writer.WriteEndObject();
        }

        return value.IsSecret;
    }

    // All of a secret value is in its ciphertext, also the parts of it that are secret themselves.
    private string Encrypt(PropertyValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            PropertyJson.Write(writer, value);
        }

        return cipher.Encrypt(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    internal PropertyValue Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when element.TryGetProperty(SecretKey, out var ciphertext):
                try
                {
                    using var document = JsonDocument.Parse(cipher.Decrypt(ciphertext.GetString()!));
                    var secret = Read(document.RootElement).WithSecret(true);
                    _ciphertexts.AddOrUpdate(secret, ciphertext.GetString()!);
                    return secret;
                }
                catch (Exception error) when (error is CryptographicException or FormatException or JsonException)
                {
                    throw new EngineException(
                        "The state file is damaged: a secret in it cannot be decrypted. Restore it from a backup.", error);
                }

            case JsonValueKind.Object:
                return PropertyValue.Of(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Read(member.Value))));
            case JsonValueKind.Array:
                return PropertyValue.Of([.. element.EnumerateArray().Select(Read)]);
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
