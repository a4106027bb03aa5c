using System.Text.RegularExpressions;

namespace PostgresHa.Tests.Unit.Architecture;

/// <summary>A C# file of the product: what it declares, and which names in it may be other files' types.</summary>
internal sealed partial class SourceFile
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "and", "as", "await", "base", "case", "class", "delegate", "else", "enum", "event", "explicit", "extern", "file", "fixed",
        "goto", "if", "implicit", "in", "interface", "internal", "is", "new", "not", "operator", "or", "out", "override", "params",
        "partial", "private", "protected", "public", "readonly", "record", "ref", "required", "return", "sealed", "static",
        "stackalloc", "struct", "switch", "this", "throw", "typeof", "unsafe", "using", "virtual", "volatile", "when", "where", "while",
        "with", "yield",
    };

    // What stands beside a name and says what it is is never further away.
    private const int Near = 80;

    private SourceFile(string path, string text)
    {
        Path = path;
        Namespace = NamespaceOf().Match(text) is { Success: true } found ? found.Groups[1].Value : "";
        Usings = Using().Matches(text).Select(static match => match.Groups[1].Value).ToHashSet();
        Types = TopLevelType().Matches(text).Select(static match => match.Groups[1].Value).ToHashSet();
        Names = Name().Matches(text).Where(match => !IsMember(text, match)).Select(static match => match.Value).ToHashSet();
    }

    /// <summary>Its path below the repository.</summary>
    public string Path { get; }

    /// <summary>Its namespace; empty for a program of statements.</summary>
    public string Namespace { get; }

    /// <summary>The project's namespaces it imports.</summary>
    public IReadOnlySet<string> Usings { get; }

    /// <summary>The types it declares, without nested ones.</summary>
    public IReadOnlySet<string> Types { get; }

    /// <summary>The names in it that may be a type's: those that no member access, declaration or assignment makes a member's.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <summary>The files below some folders of the repository.</summary>
    public static IReadOnlyList<SourceFile> Below(params string[] folders) =>
    [
        .. folders.SelectMany(
            static folder => Directory.EnumerateFiles(System.IO.Path.Join(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(static path => new SourceFile(System.IO.Path.GetRelativePath(Repository.Root, path), Code(File.ReadAllText(path)))),
    ];

    /// <summary>Whether a name in this file can mean a type of that one.</summary>
    public bool Sees(SourceFile other) => other.Namespace == Namespace || Usings.Contains(other.Namespace)
        || Namespace.StartsWith(other.Namespace + ".", StringComparison.Ordinal);

    // What is said in comments and texts refers to nothing; what is put into a text does.
    private static string Code(string text) => CommentOrLiteral().Replace(text, static match => match.Value[0] is '/' or '\''
        ? ""
        : "(" + string.Join(", ", Hole().Matches(match.Value).Select(static hole => hole.Groups[1].Value)) + ")");

    private static bool IsMember(string text, Match name)
    {
        var start = Math.Max(0, name.Index - Near);
        var gap = text[start..name.Index];
        var before = gap.TrimEnd();
        var after = text[(name.Index + name.Length)..Math.Min(text.Length, name.Index + name.Length + Near)].TrimStart();
        if (before.EndsWith('.') && !before.EndsWith("..", StringComparison.Ordinal))
        {
            return true;
        }

        // `Type Name`, `List<Type> Name`, `Type? Name`, `Type[] Name` declare a member; `Name = …` sets one.
        var declares = before.Length > 0 && before.Length < gap.Length
            && (before[^1] is '>' or '?' or ']' || (LastWord().Match(before) is { Success: true } word && !Keywords.Contains(word.Value)));
        var sets = after.StartsWith('=') && !after.StartsWith("==", StringComparison.Ordinal)
            && !after.StartsWith("=>", StringComparison.Ordinal);
        return declares || sets;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"^using (?:static )?(PostgresHa[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(
        @"^(?:public |internal |file |static |sealed |abstract |readonly |partial |unsafe )*"
        + @"(?:class|record struct|record class|record|struct|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Name();

    [GeneratedRegex(@"\w+$")]
    private static partial Regex LastWord();

    [GeneratedRegex(
        "'(?:\\\\.|[^'\\\\])'|//[^\n]*|/\\*.*?\\*/"
        + "|\\$*\"{3}.*?\"{3}|[$@]*\"(?:\\\\.|[^\"\\\\\\n])*\"",
        RegexOptions.Singleline)]
    private static partial Regex CommentOrLiteral();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Hole();
}
