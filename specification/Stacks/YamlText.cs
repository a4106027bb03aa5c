using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PostgresHa.Specification;

/// <summary>Reads YAML files, and says where and what is wrong in them.</summary>
internal static partial class YamlText
{
    /// <summary>What the parser says, as a person would, and what to do.</summary>
    private static readonly (string Said, string Problem, string Remedy)[] Sentences =
    [
        ("<document end>", "the line belongs to nothing above it", "align it with the keys it belongs to"),
        ("<document start>", "the file does not begin with a key", "write keys and values, one pair per line"),
        ("Mapping values are not allowed", "a colon is where no key can be", "put a value with a colon in quotes, or mend the indentation"),
        ("Mapping keys are not allowed", "? begins a key where none can be", "put the value in quotes"),
        (
            "Block sequence entries are not allowed",
            "\"- \" begins a list where none can be",
            "begin the list in a line of its own, or put the value in quotes"),
        ("could not find expected ':'", "the line has no colon", "write KEY: VALUE, with a blank behind the colon"),
        ("anchor or alias", "& and * begin the name of an anchor, and this is none", "put the value in quotes"),
        ("wrong indentation", "a quote is never closed, or its next line is not indented", "close it"),
        ("cannot start any token", "a value cannot begin with this character", "put the value in quotes"),
        (
            "found invalid mapping",
            "a second colon in one line, or a line that is indented too far",
            "put a value with a colon in quotes, or mend the indentation"),
        ("quoted scalar, found unexpected end", "the quote that begins here is never closed", "close it"),
        ("flow mapping", "the mapping in braces is not complete", "separate its pairs by commas and close it with }"),
        ("flow sequence", "the list in brackets is not complete", "separate its items by commas and close it with ]"),
        ("expected node content", "a value is missing, or a bracket is open", "close every [ and {, and write a value after each comma"),
        ("block mapping", "no key where one is due", "align the line with the keys it belongs to"),
        ("block collection", "no \"- \" where one is due", "align the line with the list it belongs to"),
    ];

    /// <summary>The mapping a file consists of; null for an empty file.</summary>
    public static YamlMappingNode? Load(string path)
    {
        var text = TextFile.Read(path);
        try
        {
            YamlShape.Check(text, path);
            using var reader = new StringReader(text);
            var stream = new YamlStream();
            stream.Load(reader);
            var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
            return root switch
            {
                null or YamlScalarNode { Value: null or "" } => null,
                YamlMappingNode mapping => mapping,
                _ => throw YamlError.At(path, root.Start, "is not a mapping", "write keys and values, one pair per line"),
            };
        }
        catch (YamlException exception)
        {
            throw SyntaxError(path, text, exception);
        }
    }

    /// <summary>The value of a key; null when there is none.</summary>
    public static YamlNode? Child(YamlMappingNode? mapping, string key) =>
        mapping is not null && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static StackFileException SyntaxError(string path, string text, YamlException exception)
    {
        // The parser puts "(Line: …) - (Line: …): " before some messages; the position is said once, in front.
        var message = PositionPrefix().Replace(exception.Message, "").TrimEnd('.');
        var at = exception.Start;
        if (message.Contains(" tab ", StringComparison.Ordinal))
        {
            // It blames the start of the file.
            var line = 1 + Array.FindIndex(text.Split('\n'), candidate => candidate.TrimStart(' ').StartsWith('\t'));
            return YamlError.At(path, new Mark(0, line, 1), "is indented with a tab", "indent with spaces");
        }

        if (message.StartsWith("Duplicate key ", StringComparison.Ordinal))
        {
            return YamlError.At(path, at, $"{message["Duplicate key ".Length..]} is there twice", "keep one of them");
        }

        foreach (var (said, problem, remedy) in Sentences)
        {
            if (message.Contains(said, StringComparison.Ordinal))
            {
                return YamlError.At(path, at, problem, remedy);
            }
        }

        return YamlError.At(path, at, message, "mend the YAML there or in the line before");
    }

    [GeneratedRegex(@"^(\(Line: \d+, Col: \d+, Idx: \d+\)( - )?)+:\s*", RegexOptions.CultureInvariant)]
    private static partial Regex PositionPrefix();
}
