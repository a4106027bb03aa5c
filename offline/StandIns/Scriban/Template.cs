using System.Collections;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Scriban;

// The part of Scriban that the templates use: values, if, for, comparisons, comments and whitespace control. Anything else is an error
// that says so, rather than something rendered differently from the real one.
public class Template
{
    private readonly Block? _body;
    private readonly string _text;

    private Template(string text, string? sourceFilePath)
    {
        _text = text;
        SourceFilePath = sourceFilePath;
        var parser = new TemplateParser(text, sourceFilePath ?? string.Empty);
        try
        {
            _body = parser.Parse();
        }
        catch (ScriptRuntimeException error)
        {
            Messages.Add(new LogMessage(ParserMessageType.Error, error.Span, error.OriginalMessage));
        }
    }

    public string? SourceFilePath { get; }

    public bool HasErrors => Messages.Count > 0;

    public LogMessageBag Messages { get; } = new();

    public static Template Parse(string text, string? sourceFilePath = null) => new(text ?? string.Empty, sourceFilePath);

    public string Render(TemplateContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (HasErrors)
        {
            throw new InvalidOperationException(
                "This template has errors. Check the <Template.HasError> and <Template.Messages> before evaluating a template. Messages:\n"
                + string.Join("\n", Messages));
        }

        return new TemplateRenderer(_text, SourceFilePath ?? string.Empty, context).Render(_body!);
    }

    public string Render(object? model = null)
    {
        var globals = new ScriptObject();
        globals.Import(model);
        var context = new TemplateContext();
        context.PushGlobal(globals);
        return Render(context);
    }
}

public class TemplateContext
{
    private readonly Stack<IScriptObject> _globals = new();

    public bool StrictVariables { get; set; }

    public bool EnableRelaxedTargetAccess { get; set; }

    public bool EnableRelaxedMemberAccess { get; set; } = true;

    public bool EnableRelaxedFunctionAccess { get; set; }

    public bool EnableRelaxedIndexerAccess { get; set; } = true;

    public bool EnableNullIndexer { get; set; }

    public bool AutoIndent { get; set; } = true;

    public bool IndentOnEmptyLines { get; set; } = true;

    public string NewLine { get; set; } = Environment.NewLine;

    public int LoopLimit { get; set; } = 1000;

    public int LimitToString { get; set; } = 1048576;

    public void PushGlobal(IScriptObject scriptObject) => _globals.Push(scriptObject);

    public IScriptObject? PopGlobal() => _globals.TryPop(out var top) ? top : null;

    internal bool TryGetGlobal(string name, out object? value)
    {
        foreach (var scope in _globals)
        {
            if (scope is ScriptObject found && found.TryGetValue(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }
}

public sealed class LogMessageBag : IReadOnlyList<LogMessage>
{
    private readonly List<LogMessage> _messages = [];

    public int Count => _messages.Count;

    public bool HasErrors => _messages.Count > 0;

    public LogMessage this[int index] => _messages[index];

    public IEnumerator<LogMessage> GetEnumerator() => _messages.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(LogMessage message) => _messages.Add(message);
}
