using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Specification;

/// <summary>
/// Makes JSON of YAML nodes the way Pulumi does: plain scalars become numbers, truth values or null by YAML 1.2's rules, quoted ones stay
/// text, merge keys are followed.
/// </summary>
internal sealed partial class YamlJson(string file)
{
    // Aliases of aliases of aliases multiply; a stack file that needs this many values is none.
    private const int MostNodes = 100_000;

    private const string Merge = "<<";

    private readonly Dictionary<string, Spelling> _spellings = new(StringComparer.Ordinal);
    private int _nodes;

    /// <summary>The plain values that are not written as they are read, by path: <c>hosts[0].name</c>.</summary>
    public IReadOnlyDictionary<string, Spelling> Spellings => _spellings;

    public JsonElement Convert(YamlNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, node, "", 0);
        }

        return JsonElement.Parse(buffer.ToArray());
    }

    /// <summary>The pairs of a mapping with those it merges: its own go before merged ones, earlier merged ones before later.</summary>
    /// <remarks>https://yaml.org/type/merge.html</remarks>
    /// <exception cref="StackFileException">Something else than mappings is merged.</exception>
    public static IReadOnlyList<KeyValuePair<YamlScalarNode, YamlNode>> Pairs(YamlMappingNode mapping, string file)
    {
        var pairs = new OrderedDictionary<string, KeyValuePair<YamlScalarNode, YamlNode>>(StringComparer.Ordinal);
        var merged = new List<YamlNode>();
        foreach (var (node, value) in mapping)
        {
            // YamlShape lets no other kind of key pass; a file that was not read by YamlText has none checked.
            var key = node as YamlScalarNode ?? throw YamlError.At(
                file, node.Start, "a key is not plain text", "write a name before the colon");
            if (key is { Value: Merge, Style: ScalarStyle.Plain })
            {
                merged.AddRange(value is YamlSequenceNode list ? list.Children : [value]);
            }
            else
            {
                pairs.TryAdd(key.Value ?? "", new(key, value));
            }
        }

        foreach (var node in merged)
        {
            if (node is not YamlMappingNode other)
            {
                throw YamlError.At(
                    file,
                    node.Start,
                    $"{Merge} merges mappings, and this is none",
                    $"write {Merge}: *NAME of a mapping that begins with &NAME");
            }

            foreach (var pair in Pairs(other, file))
            {
                pairs.TryAdd(pair.Key.Value ?? "", pair);
            }
        }

        return [.. pairs.Values];
    }

    private void Write(Utf8JsonWriter writer, YamlNode node, string path, int depth)
    {
        if (depth > YamlShape.Deepest)
        {
            throw YamlError.At(file, node.Start, "is nested too deeply", "write it flat");
        }

        if (++_nodes > MostNodes)
        {
            throw YamlError.At(file, node.Start, "its aliases multiply to far more values than a stack has", "write the values out");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                writer.WriteStartObject();
                foreach (var (key, value) in Pairs(mapping, file))
                {
                    writer.WritePropertyName(key.Value ?? "");
                    Write(writer, value, path.Length == 0 ? key.Value ?? "" : $"{path}.{key.Value}", depth + 1);
                }

                writer.WriteEndObject();
                break;
            case YamlSequenceNode sequence:
                writer.WriteStartArray();
                for (var i = 0; i < sequence.Children.Count; i++)
                {
                    Write(writer, sequence[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), depth + 1);
                }

                writer.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                WriteScalar(writer, scalar, path);
                break;
            default:
                throw YamlError.At(file, node.Start, "is neither text, list nor mapping", "write one of those");
        }
    }

    private void WriteScalar(Utf8JsonWriter writer, YamlScalarNode scalar, string path)
    {
        var text = scalar.Value ?? "";
        var plain = scalar.Style is ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific);
        var digits = text.Length > 0 && text[0] != '_' ? text.Replace("_", "", StringComparison.Ordinal) : text;
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
            var value = text[0] is 't' or 'T';
            writer.WriteBooleanValue(value);
            Note(path, text, value ? "true" : "false");
        }
        else if (TryInteger(digits, out var integer))
        {
            writer.WriteNumberValue(integer);
            Note(path, text, JsonSerializer.Serialize(integer));
        }
        else if (
            Float().IsMatch(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
            Note(path, text, JsonSerializer.Serialize(number));
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private void Note(string path, string written, string read)
    {
        if (written != read)
        {
            _spellings[path] = new Spelling(written, read);
        }
    }

    /// <summary>Whole numbers with Go's prefixes: 0x, 0b, 0o, and 0 for octal.</summary>
    private static bool TryInteger(string text, out long value)
    {
        value = 0;
        var match = Integer().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var digits = match.Groups["digits"].Value;
        var radix = match.Groups["prefix"].Value switch
        {
            "0x" or "0X" => 16,
            "0b" or "0B" => 2,
            "" when digits is "0" || digits[0] != '0' => 10,
            _ => 8,
        };
        try
        {
            value = radix == 10 ? long.Parse(digits, CultureInfo.InvariantCulture) : System.Convert.ToInt64(digits, radix);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return false;
        }

        // What fills all 64 bits comes back negative.
        var fits = value >= 0;
        value = match.Groups["sign"].Value == "-" ? -value : value;
        return fits;
    }

    [GeneratedRegex("^(?<sign>[-+]?)(?<prefix>0[xXbBoO])?(?<digits>[0-9a-fA-F]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();
}
