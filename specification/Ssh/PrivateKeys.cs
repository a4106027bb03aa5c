using System.Text;

namespace PostgresHa.Specification;

/// <summary>The private key to log in with, looked at before anybody is dialled with it.</summary>
public static class PrivateKeys
{
    private const string OpenSsh = "-----BEGIN OPENSSH PRIVATE KEY-----";

    // How the content of a key in OpenSSH's own format begins; the name of its cipher follows (PROTOCOL.key).
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("openssh-key-v1\0");

    /// <summary>Whether a text is meant as a private key, of whichever format.</summary>
    /// <param name="text">The text.</param>
    public static bool IsOne(string text) =>
        FirstLine(text).Contains("PRIVATE KEY", StringComparison.Ordinal) || IsPutty(text);

    /// <summary>
    /// What keeps a private key from being used by a program that nobody sits in front of, and what to do; null for nothing.
    /// </summary>
    /// <param name="text">The key.</param>
    /// <param name="file">Its file, for the remedy; null when it comes from a secret.</param>
    public static (string Problem, string Remedy)? Problem(string text, string? file)
    {
        var name = file ?? "FILE";
        var again = file is null ? ", then set the secret again from that file" : "";
        if (IsPutty(text))
        {
            return ("is a key in PuTTY's format", $"convert it: puttygen {name} -O private-openssh -o {name}.openssh{again}");
        }

        if (text.Contains('\r', StringComparison.Ordinal))
        {
            return ("has the line ends of Windows, which OpenSSH does not read", $"take them out: sed -i 's/\\r$//' {name}{again}");
        }

        string[] lines = [.. text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0)];
        if (lines.Length > 0
            && (lines[0].Contains("BEGIN ENCRYPTED", StringComparison.Ordinal) || lines.Any(IsEncryption)))
        {
            return Encrypted(name, again);
        }

        if (lines.Length < 3 || !lines[^1].StartsWith("-----END ", StringComparison.Ordinal))
        {
            return Damaged(again);
        }

        if (lines[0] != OpenSsh)
        {
            return null;
        }

        var body = string.Concat(lines[1..^1]);
        var content = new byte[body.Length];
        if (!Convert.TryFromBase64String(body, content, out var length) || length < Magic.Length + 8 || !content.AsSpan().StartsWith(Magic))
        {
            return Damaged(again);
        }

        // Four bytes of length, then the cipher's name.
        return Encoding.ASCII.GetString(content, Magic.Length + 4, 4) == "none" ? null : Encrypted(name, again);
    }

    private static (string Problem, string Remedy) Encrypted(string name, string again) => (
        "has a passphrase, and nobody is there to type it",
        $"load it into an agent (ssh-add {name}) and set ssh.agent: true in its place, or make a key without one for this purpose "
        + $"(ssh-keygen -p -f {name} takes it off){again}");

    private static (string Problem, string Remedy) Damaged(string again) =>
        ("is cut off or damaged", $"copy it once more, whole, with the lines BEGIN and END{again}");

    private static bool IsEncryption(string line) =>
        line.StartsWith("Proc-Type:", StringComparison.Ordinal) && line.Contains("ENCRYPTED", StringComparison.Ordinal);

    private static bool IsPutty(string text) => text.StartsWith("PuTTY-User-Key-File", StringComparison.Ordinal);

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
