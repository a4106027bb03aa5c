using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PostgresHa.Specification;

/// <summary>
/// Refuses YAML that nobody means in a configuration file, before a tree is made of it: the tree's own code would recurse into it without
/// end, or drop a part without a word.
/// </summary>
internal sealed class YamlShape
{
    /// <summary>Most levels of lists and mappings; the configuration needs six.</summary>
    public const int Deepest = 32;

    private readonly string _path;
    private readonly Stack<Level> _levels = new();
    private readonly HashSet<string> _anchors = new(StringComparer.Ordinal);
    private int _documents;

    private YamlShape(string path) => _path = path;

    /// <summary>Looks at the whole text.</summary>
    /// <exception cref="StackFileException">It has a shape that is refused.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static void Check(string text, string path)
    {
        var shape = new YamlShape(path);
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        Mark end = new(0, 1, 1);
        try
        {
            while (parser.MoveNext())
            {
                end = parser.Current!.End;
                shape.Take(parser.Current);
            }
        }
        catch (InvalidOperationException)
        {
            // The parser's own way to say of some texts that it is at a loss, without a place.
            throw YamlError.At(
                path, end, "no YAML that can be read follows", "look at the indentation, the quotes and the brackets behind it");
        }
    }

    private void Take(ParsingEvent current)
    {
        switch (current)
        {
            case DocumentStart when ++_documents > 1:
                throw YamlError.At(
                    _path, current.Start, "begins a second document, which would be ignored", "keep one document in the file");
            case AnchorAlias alias:
                Alias(alias);
                break;
            case NodeEvent node:
                Node(node);
                break;
            case SequenceEnd or MappingEnd:
                _levels.Pop();
                break;
        }
    }

    private void Alias(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        Key(alias, isText: false);
        if (_levels.Any(level => level.Anchor == name))
        {
            throw YamlError.At(_path, alias.Start, $"*{name} stands inside of what it names", "write the value out");
        }

        if (!_anchors.Contains(name))
        {
            throw YamlError.At(
                _path, alias.Start, $"*{name} names nothing", $"put &{name} before an earlier value, or text that begins with * in quotes");
        }
    }

    private void Node(NodeEvent node)
    {
        Key(node, node is Scalar);
        // Other tags stand for programs that would have to make the value.
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific
            && node.Tag.Value is not ("tag:yaml.org,2002:str" or "tag:yaml.org,2002:map" or "tag:yaml.org,2002:seq"))
        {
            throw YamlError.At(
                _path,
                node.Start,
                $"the tag {node.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)} is not read here",
                "remove it, or put text that begins with ! in quotes");
        }

        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        if (anchor is not null)
        {
            _anchors.Add(anchor);
        }

        if (node is MappingStart or SequenceStart)
        {
            _levels.Push(new Level { IsMapping = node is MappingStart, Anchor = anchor });
            if (_levels.Count > Deepest)
            {
                throw YamlError.At(_path, node.Start, "is nested too deeply", "write it flat");
            }
        }
    }

    private void Key(ParsingEvent node, bool isText)
    {
        if (!_levels.TryPeek(out var level) || !level.IsMapping)
        {
            return;
        }

        level.IsAtValue = !level.IsAtValue;
        if (level.IsAtValue && !isText)
        {
            throw YamlError.At(
                _path, node.Start, "a key is not plain text", "write a name before the colon, in quotes if it begins with {, [, & or *");
        }

        // The parser drops the value of such a pair.
        if (level.IsAtValue && node is Scalar { Value.Length: 0 })
        {
            throw YamlError.At(_path, node.Start, "a colon has no key before it", "write a name there, or put the value in quotes");
        }
    }

    private sealed class Level
    {
        public required bool IsMapping { get; init; }

        public required string? Anchor { get; init; }

        /// <summary>Whether the key was read and its value comes next.</summary>
        public bool IsAtValue { get; set; }
    }
}
