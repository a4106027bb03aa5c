using System.Text;
using System.Text.Encodings.Web;

namespace PostgresHa.Offline;

/// <summary>The forms in which a secret turns up in what programs print: as it is, escaped for JSON, quoted, in a URL, in base64.</summary>
internal static class SecretForms
{
    // What base64 makes of a secret inside a longer text, less its first and last characters, is worth masking from this length on.
    private const int ShortestMiddle = 8;

    // Where base64(1) and MIME break their lines.
    private const int EncodedLine = 76;

    internal static IEnumerable<string> Of(string secret)
    {
        var json = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret);
        var strict = JavaScriptEncoder.Default.Encode(secret);
        return
        [
            secret,
            json,
            json.Replace("/", "\\/", StringComparison.Ordinal),
            InAscii(json),
            strict,
            // Go writes the same with small letters.
            LowerEscapes(strict),
            secret.Replace("'", "'\\''", StringComparison.Ordinal),
            secret.Replace("'", "''", StringComparison.Ordinal),
            Uri.EscapeDataString(secret),
            .. Base64(Encoding.UTF8.GetBytes(secret)),
        ];
    }

    private static IEnumerable<string> Base64(byte[] secret)
    {
        foreach (var whole in new[] { Convert.ToBase64String(secret), Convert.ToBase64String([.. secret, (byte)'\n']) })
        {
            foreach (var form in Alphabets(whole))
            {
                yield return form;
                for (var start = 0; form.Length > EncodedLine && start < form.Length; start += EncodedLine)
                {
                    yield return form.Substring(start, Math.Min(EncodedLine, form.Length - start));
                }
            }
        }

        // Inside a longer text it begins at one of three places in a group of bytes; the groups it shares with its neighbours vary.
        for (var before = 0; before < 3; before++)
        {
            byte[] shifted = [.. new byte[before], .. secret];
            var first = before == 0 ? 0 : 4;
            var end = shifted.Length / 3 * 4;
            if (end - first >= ShortestMiddle)
            {
                foreach (var form in Alphabets(Convert.ToBase64String(shifted)[first..end]))
                {
                    yield return form;
                }
            }
        }
    }

    private static IEnumerable<string> Alphabets(string form) =>
        [form, form.TrimEnd('='), form.Replace('+', '-').Replace('/', '_').TrimEnd('=')];

    private static string InAscii(string json)
    {
        var text = new StringBuilder(json.Length);
        foreach (var c in json)
        {
            _ = char.IsAscii(c) ? text.Append(c) : text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return text.ToString();
    }

    private static string LowerEscapes(string json)
    {
        var text = new StringBuilder(json);
        for (var i = json.IndexOf("\\u", StringComparison.Ordinal); i >= 0; i = json.IndexOf("\\u", i + 2, StringComparison.Ordinal))
        {
            for (var digit = i + 2; digit < Math.Min(i + 6, json.Length); digit++)
            {
                text[digit] = char.ToLowerInvariant(text[digit]);
            }
        }

        return text.ToString();
    }
}
