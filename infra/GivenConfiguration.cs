using System.Text.Json;

namespace PostgresHa.Infra;

/// <summary>The configuration as Pulumi's engine hands it to a program: all of it, while the SDK answers for one key at a time.</summary>
internal static class GivenConfiguration
{
    private const string All = "PULUMI_CONFIG";
    private const string Encrypted = "PULUMI_CONFIG_SECRET_KEYS";

    /// <summary>
    /// Every full key with its value, null for an encrypted one. Empty where the engine does not say which are: the offline one, whose
    /// command line has judged the stack file itself.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Values()
    {
        if (Environment.GetEnvironmentVariable(All) is not { Length: > 0 } all
            || Environment.GetEnvironmentVariable(Encrypted) is not { Length: > 0 } encrypted)
        {
            return new Dictionary<string, string?>();
        }

        var values = JsonSerializer.Deserialize<Dictionary<string, string?>>(all) ?? [];
        foreach (var key in JsonSerializer.Deserialize<string[]>(encrypted) ?? [])
        {
            values[key] = null;
        }

        return values;
    }
}
