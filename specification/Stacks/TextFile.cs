using System.Globalization;
using System.Text;

namespace PostgresHa.Specification;

/// <summary>Reads a configuration file as text, or says why it is none.</summary>
internal static class TextFile
{
    // A stack of fifty hosts has some kilobytes; what is larger was named by mistake.
    private const int Largest = 1 << 20;

    /// <summary>The file's text, without a byte order mark.</summary>
    /// <exception cref="StackFileException">It cannot be read, is too large, is not UTF-8, or holds control characters.</exception>
    public static string Read(string path)
    {
        var bytes = Bytes(path);
        try
        {
            // Strict: a replacement character would reach a host as part of a value.
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            return ControlCharacter(text) is { } at
                ? throw new StackFileException(
                    $"{path}:{Position(text, at)}: has the control character {Printable.Line(text[at].ToString())}; remove it.")
                : text;
        }
        catch (DecoderFallbackException exception)
        {
            var before = Encoding.Latin1.GetString(bytes, 0, Math.Clamp(exception.Index, 0, bytes.Length));
            throw new StackFileException($"{path}:{Position(before, before.Length)}: is not UTF-8; save the file as UTF-8.", exception);
        }
    }

    private static byte[] Bytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw new StackFileException($"{path} is a folder; put a file in its place.");
        }

        try
        {
            // Not by its length, which a device does not tell.
            using var stream = File.OpenRead(path);
            var bytes = new byte[Largest + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count <= Largest
                ? bytes[..count]
                : throw new StackFileException($"{path} is larger than 1 MB; keep to the stack's own values.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StackFileException(
                $"{path} cannot be read: {exception.Message.TrimEnd('.')}; make it readable for the user who runs this.", exception);
        }
    }

    /// <summary>YAML admits none besides tab and line breaks, and some readers end the text at one.</summary>
    private static int? ControlCharacter(string text)
    {
        var at = text.AsSpan().IndexOfAny(Forbidden);
        return at < 0 ? null : at;
    }

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(code => (char)code)
            .Where(letter => char.IsControl(letter) && letter is not ('\t' or '\n' or '\r' or '\u0085'))]);

    private static string Position(string text, int at)
    {
        var begin = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, begin).Count('\n') + 1}:{at - begin + 1}");
    }
}
