using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PostgresHa.Offline;

/// <summary>The ciphers of a run. Each key is derived once, beside everything else that goes on, and kept in memory only.</summary>
internal sealed class Ciphers(StackSettings settings)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<PassphraseCipher>>> _opened = new(StringComparer.Ordinal);

    internal Task<PassphraseCipher> NewAsync()
    {
        // A stack file that has a salt shares it with the state: one derivation less for each run.
        if (settings.EncryptionSalt is { } salt)
        {
            return OpenAsync(salt, StackFileName);
        }

        var passphrase = settings.RequirePassphrase();
        return Task.Run(() => PassphraseCipher.Create(passphrase));
    }

    internal Task<PassphraseCipher> OpenAsync(string encryptionSalt, string where) =>
        _opened.GetOrAdd(encryptionSalt, salt => new Lazy<Task<PassphraseCipher>>(() =>
        {
            var passphrase = settings.RequirePassphrase();
            return Task.Run(() => PassphraseCipher.Open(passphrase, salt, where));
        })).Value;

    /// <summary>The configuration in plain text.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> ConfigurationAsync()
    {
        var plain = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in settings.Configuration)
        {
            if (value.Secure is not { } secure)
            {
                plain[key] = value.Text ?? string.Empty;
                continue;
            }

            var salt = settings.EncryptionSalt
                ?? throw new EngineException($"{StackFileName}: {key} is encrypted, but the file has no encryptionsalt.");
            try
            {
                plain[key] = (await OpenAsync(salt, StackFileName)).Decrypt(secure);
            }
            catch (Exception error) when (error is CryptographicException or FormatException)
            {
                throw new EngineException(
                    $"{StackFileName}: {key} cannot be decrypted; it was encrypted with another passphrase or is damaged.", error);
            }
        }

        return plain;
    }

    private string StackFileName => $"Pulumi.{settings.Stack}.yaml";
}
