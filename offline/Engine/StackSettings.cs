namespace PostgresHa.Offline;

/// <summary>One configuration value of a stack. Exactly one of <see cref="Text"/> and <see cref="Secure"/> is set.</summary>
public sealed record ConfigurationValue
{
    /// <summary>The value as the program gets it: plain text, or JSON for a structured one.</summary>
    public string? Text { get; init; }

    /// <summary>The ciphertext of a stack file's <c>secure:</c>, as Pulumi's passphrase provider writes it.</summary>
    public string? Secure { get; init; }

    /// <summary>Whether the value is masked wherever it would show. True for any <see cref="Secure"/> value.</summary>
    public bool IsSecret { get; init; }
}

/// <summary>What the engine has to know of a stack.</summary>
public sealed record StackSettings
{
    /// <summary>Name of the project, as in Pulumi.yaml.</summary>
    public required string Project { get; init; }

    /// <summary>Name of the stack.</summary>
    public required string Stack { get; init; }

    /// <summary>Folder of Pulumi.yaml.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Configuration by full key, <c>project:name</c>.</summary>
    public IReadOnlyDictionary<string, ConfigurationValue> Configuration { get; init; } = new Dictionary<string, ConfigurationValue>();

    /// <summary>The stack file's <c>encryptionsalt</c>; null when it has none.</summary>
    public string? EncryptionSalt { get; init; }

    /// <summary>Path of the state file. Default: <c>.state/STACK.json</c> below <see cref="ProjectDirectory"/>.</summary>
    public string? StateFile { get; init; }

    /// <summary>
    /// The passphrase for the secrets of state and stack file. Default: PULUMI_CONFIG_PASSPHRASE, else the content of the file that
    /// PULUMI_CONFIG_PASSPHRASE_FILE names, as with Pulumi.
    /// </summary>
    public string? Passphrase { get; init; }

    internal string StatePath => StateFile ?? Path.Combine(ProjectDirectory, ".state", Stack + ".json");

    internal string RequirePassphrase()
    {
        if (Passphrase is not null)
        {
            return Passphrase;
        }

        // Set but empty is a passphrase too, as with Pulumi.
        if (Environment.GetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE") is { } given)
        {
            return given;
        }

        if (Environment.GetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE_FILE") is { Length: > 0 } file)
        {
            try
            {
                return File.ReadAllText(file).Trim();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new EngineException($"PULUMI_CONFIG_PASSPHRASE_FILE: {file} cannot be read ({error.Message}).", error);
            }
        }

        throw new EngineException(
            $"The secrets of stack {Stack} are encrypted with a passphrase: set PULUMI_CONFIG_PASSPHRASE, or "
            + "PULUMI_CONFIG_PASSPHRASE_FILE to the path of a file that holds it.");
    }
}
