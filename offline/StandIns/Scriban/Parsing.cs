namespace Scriban.Parsing;

public enum ParserMessageType
{
    Error,
    Warning,
}

public readonly record struct TextPosition(int Offset, int Line, int Column);

public readonly record struct SourceSpan(string FileName, TextPosition Start, TextPosition End)
{
    public override string ToString() => $"{FileName}({Start.Line + 1},{Start.Column + 1})";
}

public sealed class LogMessage(ParserMessageType type, SourceSpan span, string message)
{
    public ParserMessageType Type { get; set; } = type;

    public SourceSpan Span { get; set; } = span;

    public string Message { get; set; } = message;

    public override string ToString() => $"{Span} : {(Type == ParserMessageType.Error ? "error" : "warning")} : {Message}";
}
