using System.Text;

namespace PostgresHa.Offline;

/// <summary>Replaces every secret the run knows of, in whatever form, in text that people or logs see.</summary>
internal sealed class SecretMask
{
    private const string Mask = "[secret]";

    // A shorter one is masked where it stands alone: inside a word it is more likely a part of that.
    private const int ShortestInside = 6;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _forms = new(StringComparer.Ordinal);
    private string[]? _longestFirst;

    internal void Add(IEnumerable<string> secrets)
    {
        lock (_lock)
        {
            foreach (var secret in secrets)
            {
                if (!string.IsNullOrWhiteSpace(secret) && _secrets.Add(secret))
                {
                    AddForms(secret);
                }
            }
        }
    }

    internal bool Finds(string text) => !ReferenceEquals(Apply(text), text);

    /// <summary>The text with every secret masked; the same object when there is none in it.</summary>
    internal string Apply(string text)
    {
        string[] forms;
        lock (_lock)
        {
            forms = _longestFirst ??= [.. _forms.OrderByDescending(form => form.Length)];
        }

        foreach (var form in forms)
        {
            if (form.Length <= text.Length && text.Contains(form, StringComparison.Ordinal))
            {
                text = form.Length >= ShortestInside ? text.Replace(form, Mask, StringComparison.Ordinal) : MaskWords(text, form);
            }
        }

        return text;
    }

    private void AddForms(string secret)
    {
        foreach (var form in SecretForms.Of(secret).Concat(SecretForms.Of(secret.Trim())))
        {
            _forms.Add(form);
        }

        // Programs print lines. A short one may be harmless text that turns up everywhere.
        foreach (var line in secret.Split('\n').Select(line => line.Trim()).Where(line => line.Length >= ShortestInside))
        {
            _forms.Add(line);
        }

        _longestFirst = null;
    }

    private static string MaskWords(string text, string word)
    {
        StringBuilder? masked = null;
        var done = 0;
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if (at < done || (at > 0 && Continues(text[at - 1], word[0])) || (end < text.Length && Continues(text[end], word[^1])))
            {
                continue;
            }

            masked = (masked ?? new StringBuilder()).Append(text, done, at - done).Append(Mask);
            done = end;
        }

        return masked is null ? text : masked.Append(text, done, text.Length - done).ToString();
    }

    private static bool Continues(char outside, char inside) => char.IsLetterOrDigit(outside) && char.IsLetterOrDigit(inside);
}
