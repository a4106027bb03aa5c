using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Specification;

/// <summary>Reads YAML into JSON values the way Pulumi does: plain scalars become numbers, truth values or null by YAML 1.2's rules, quoted ones stay text.</summary>
internal static partial class YamlText
{
    /// <summary>The mapping a file consists of; null for an empty file.</summary>
    public static YamlMappingNode? Load(string path)
    {
        try
        {
            using var reader = new StringReader(File.ReadAllText(path, Encoding.UTF8));
            var stream = new YamlStream();
            stream.Load(reader);
            YamlNode? root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
            return root switch
            {
                null or YamlScalarNode { Value: null or "" } => null,
                YamlMappingNode mapping => mapping,
                _ => throw Error(path, root.Start, "is no mapping", "write keys and values, one pair per line"),
            };
        }
        catch (YamlException exception)
        {
            throw SyntaxError(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StackFileException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The value of a key; null when there is none.</summary>
    public static YamlNode? Child(YamlMappingNode? mapping, string key) =>
        mapping is not null && mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;

    public static StackFileException Error(string path, Mark mark, string problem, string remedy) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}:{mark.Line}:{mark.Column}: {problem}; {remedy}."));

    public static JsonElement ToJson(YamlNode node, string path)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, node, path, 0);
        }

        return JsonElement.Parse(buffer.ToArray());
    }

    private static StackFileException SyntaxError(string path, YamlException exception)
    {
        // The parser puts "(Line: …) - (Line: …): " before some messages; the position is said once, in front.
        string message = PositionPrefix().Replace(exception.Message, "").TrimEnd('.');
        if (message.Contains(" tab ", StringComparison.Ordinal))
        {
            // It blames the start of the file.
            int line = 1 + Array.FindIndex(File.ReadAllLines(path), text => text.TrimStart(' ').StartsWith('\t'));
            return new StackFileException(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}:1: is indented with a tab; indent with spaces."), exception);
        }

        return new StackFileException(string.Create(CultureInfo.InvariantCulture, $"{path}:{exception.Start.Line}:{exception.Start.Column}: {message}."), exception);
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node, string path, int depth)
    {
        // Anchors can make a node its own ancestor.
        if (depth > 32)
        {
            throw Error(path, node.Start, "is nested too deeply", "write it flat");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                writer.WriteStartObject();
                foreach ((YamlNode key, YamlNode value) in mapping)
                {
                    writer.WritePropertyName((key as YamlScalarNode)?.Value ?? throw Error(path, key.Start, "a key is no plain text", "write a name before the colon"));
                    Write(writer, value, path, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case YamlSequenceNode sequence:
                writer.WriteStartArray();
                foreach (YamlNode item in sequence)
                {
                    Write(writer, item, path, depth + 1);
                }

                writer.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                WriteScalar(writer, scalar);
                break;
            default:
                throw Error(path, node.Start, "is neither text, list nor mapping", "write one of those");
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        bool plain = scalar.Style is ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific);
        if (!plain)
        {
            writer.WriteStringValue(text);
        }
        else if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            writer.WriteNullValue();
        }
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            writer.WriteBooleanValue(text[0] is 't' or 'T');
        }
        else if (TryInteger(text.Replace("_", "", StringComparison.Ordinal), out long integer))
        {
            writer.WriteNumberValue(integer);
        }
        else if (Float().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    /// <summary>Whole numbers with Go's prefixes: 0x, 0b, 0o, and 0 for octal.</summary>
    private static bool TryInteger(string text, out long value)
    {
        value = 0;
        Match match = Integer().Match(text);
        if (!match.Success)
        {
            return false;
        }

        string digits = match.Groups["digits"].Value;
        int radix = match.Groups["prefix"].Value switch { "0x" or "0X" => 16, "0b" or "0B" => 2, "" when digits is "0" || digits[0] != '0' => 10, _ => 8 };
        try
        {
            value = radix == 10 ? long.Parse(digits, CultureInfo.InvariantCulture) : Convert.ToInt64(digits, radix);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return false;
        }

        value = match.Groups["sign"].Value == "-" ? -value : value;
        return true;
    }

    [GeneratedRegex("^(?<sign>[-+]?)(?<prefix>0[xXbBoO])?(?<digits>[0-9a-fA-F]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"^(\(Line: \d+, Col: \d+, Idx: \d+\)( - )?)+:\s*", RegexOptions.CultureInvariant)]
    private static partial Regex PositionPrefix();
}
