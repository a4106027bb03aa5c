using Scriban.Parsing;

namespace Scriban.Syntax;

public class ScriptRuntimeException(SourceSpan span, string message) : Exception(message)
{
    public SourceSpan Span { get; } = span;

    public string OriginalMessage => base.Message;

    public override string Message => new LogMessage(ParserMessageType.Error, Span, base.Message).ToString();
}
