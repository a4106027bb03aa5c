using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace PostgresHa.Offline;

/// <summary>Encrypts with a passphrase exactly as Pulumi's passphrase provider does, so that each reads what the other wrote.</summary>
/// <remarks>Deriving the key takes about a third of a second on purpose; it is done once per salt and process.</remarks>
public sealed class PassphraseCipher
{
    private const int Iterations = 1_000_000;
    private const int KeySize = 32;
    private const int SaltSize = 8;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const string Version = "v1";

    // Encrypted into the salt's text, so that a wrong passphrase is told from damaged data.
    private const string Check = "pulumi";

    private static readonly ConcurrentDictionary<(string Passphrase, string Salt), Lazy<byte[]>> Derived = new();

    private readonly byte[] _key;

    private PassphraseCipher(byte[] key, string encryptionSalt)
    {
        _key = key;
        EncryptionSalt = encryptionSalt;
    }

    /// <summary>Salt and check text, <c>v1:SALT:v1:NONCE:CIPHERTEXT</c>. No secret.</summary>
    public string EncryptionSalt { get; private set; }

    /// <summary>A cipher with a new salt.</summary>
    public static PassphraseCipher Create(string passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var cipher = new PassphraseCipher(Derive(passphrase, salt), string.Empty);
        cipher.EncryptionSalt = $"{Version}:{Convert.ToBase64String(salt)}:{cipher.Encrypt(Check)}";
        return cipher;
    }

    /// <summary>The cipher of an existing salt.</summary>
    /// <exception cref="EngineException">The passphrase is wrong, or the salt is none.</exception>
    public static PassphraseCipher Open(string passphrase, string encryptionSalt, string where)
    {
        ArgumentNullException.ThrowIfNull(encryptionSalt);
        if (encryptionSalt.Split(':', 3) is not [Version, var salt, var check])
        {
            throw new EngineException($"{where}: the encryption salt is damaged; it has the form v1:SALT:v1:NONCE:CIPHERTEXT.");
        }

        try
        {
            var cipher = new PassphraseCipher(Derive(passphrase, Convert.FromBase64String(salt)), encryptionSalt);
            if (cipher.Decrypt(check) == Check)
            {
                return cipher;
            }
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            // The same as a check text that decrypts to something else.
        }

        throw new EngineException(
            $"{where}: the passphrase is wrong. Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the "
            + "one it was encrypted with.");
    }

    /// <summary>Encrypts a text to <c>v1:NONCE:CIPHERTEXT</c>.</summary>
    public string Encrypt(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var sealedText = new byte[plain.Length + TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, plain, sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length));
        return $"{Version}:{Convert.ToBase64String(nonce)}:{Convert.ToBase64String(sealedText)}";
    }

    /// <summary>Decrypts what <see cref="Encrypt"/>, or Pulumi, made.</summary>
    /// <exception cref="CryptographicException">It was made with another key, or was changed.</exception>
    /// <exception cref="FormatException">It is no ciphertext.</exception>
    public string Decrypt(string ciphertext)
    {
        ArgumentNullException.ThrowIfNull(ciphertext);
        if (ciphertext.Split(':') is not [Version, var nonce, var content])
        {
            throw new FormatException("Not a ciphertext.");
        }

        var sealedText = Convert.FromBase64String(content);
        if (sealedText.Length < TagSize)
        {
            throw new FormatException("Not a ciphertext.");
        }

        var plain = new byte[sealedText.Length - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(Convert.FromBase64String(nonce), sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length), plain);
        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] Derive(string passphrase, byte[] salt) =>
        Derived.GetOrAdd((passphrase, Convert.ToBase64String(salt)), _ => new Lazy<byte[]>(() =>
            Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), salt, Iterations, HashAlgorithmName.SHA256, KeySize))).Value;
}
