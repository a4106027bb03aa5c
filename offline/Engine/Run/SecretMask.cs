using System.Text;

namespace PostgresHa.Offline;

/// <summary>Replaces every secret the run knows of in text that people or logs see.</summary>
internal sealed class SecretMask
{
    private const string Mask = "[secret]";

    // Shorter ones would hide ordinary words; the passwords made here are far longer.
    private const int ShortestSecret = 6;

    // Whole lines of a secret file hold secrets; a short one may as well be harmless text that turns up everywhere.
    private const int ShortestLine = 12;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private string[]? _longestFirst;

    internal void Add(IEnumerable<string> secrets)
    {
        lock (_lock)
        {
            foreach (var secret in secrets)
            {
                var added = secret.Length >= ShortestSecret && _secrets.Add(secret);
                if (secret.Contains('\n', StringComparison.Ordinal))
                {
                    foreach (var line in secret.Split('\n'))
                    {
                        added |= line.Trim().Length >= ShortestLine && _secrets.Add(line.Trim());
                    }
                }

                _longestFirst = added ? null : _longestFirst;
            }
        }
    }

    internal string Apply(string text)
    {
        string[] secrets;
        lock (_lock)
        {
            secrets = _longestFirst ??= [.. _secrets.OrderByDescending(secret => secret.Length)];
        }

        StringBuilder? masked = null;
        foreach (var secret in secrets)
        {
            if (masked is null ? text.Contains(secret, StringComparison.Ordinal) : masked.ToString().Contains(secret, StringComparison.Ordinal))
            {
                masked = (masked ?? new StringBuilder(text)).Replace(secret, Mask);
            }
        }

        return masked?.ToString() ?? text;
    }
}
