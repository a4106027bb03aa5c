using PostgresHa.StandIns;
using Pulumi;

namespace PostgresHa.Offline;

/// <summary>Which outputs of a resource are secret.</summary>
internal static class Secrecy
{
    /// <summary>
    /// The outputs, with those made secret that the program says, that return a secret input, or that show a secret known to
    /// <paramref name="mask"/>.
    /// </summary>
    internal static PropertyValue Of(PropertyValue outputs, PropertyValue inputs, ResourceOptions? options, SecretMask mask)
    {
        var stated = options is CustomResourceOptions custom ? custom.AdditionalSecretOutputs : [];
        return PropertyValue.Of(outputs.Entries.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Key, entry.Value))));

        PropertyValue Of(string name, PropertyValue value)
        {
            var input = inputs[name];
            var secret = value.IsSecret || input.IsSecret || stated.Contains(name)
                // Only what came from a host: an input that is not secret is the program's own word.
                || (input.Kind == PropertyKind.Null && value.Text is { } text && mask.Finds(text));
            return (input.HasSecret && input.Equals(value) ? input : value).WithSecret(secret);
        }
    }

    /// <summary>The name of an input that no state file can hold; null when all can be.</summary>
    internal static string? Unstorable(PropertyValue values) => values.Entries.FirstOrDefault(entry => !IsStorable(entry.Value)).Key;

    private static bool IsStorable(PropertyValue value) => value.Kind switch
    {
        PropertyKind.Number => double.IsFinite(value.Number),
        PropertyKind.Text => IsWhole(value.Text!),
        PropertyKind.List => value.Items.All(IsStorable),
        PropertyKind.Map => value.Entries.All(entry => IsWhole(entry.Key) && IsStorable(entry.Value)),
        _ => true,
    };

    // Half a surrogate pair is no character and has no form in UTF-8.
    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
