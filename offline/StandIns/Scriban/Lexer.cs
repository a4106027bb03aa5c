using Scriban.Parsing;
using Scriban.Syntax;

namespace Scriban;

internal enum TokenKind
{
    Raw,
    Enter,
    Exit,
    EndOfStatement,
    Name,
    Text,
    Number,
    Symbol,
    EndOfFile,
}

// Start and End delimit the token in the source; for raw text they are what remains after whitespace control.
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Value);

internal sealed class TemplateLexer(string text, string file)
{
    private static readonly string[] Symbols =
        ["==", "!=", ">=", "<=", "&&", "||", "??", ">", "<", "!", "(", ")", "[", "]", ".", "+", "-", "*", "/", "%", ","];

    private readonly List<Token> _tokens = [];
    private int _position;

    internal List<Token> Run()
    {
        while (_position < text.Length)
        {
            ReadRaw();
            if (_position < text.Length)
            {
                ReadCode();
            }
        }

        Add(TokenKind.EndOfFile, text.Length, text.Length);
        return _tokens;
    }

    internal SourceSpan Span(int start)
    {
        var (line, column) = (0, 0);
        for (var i = 0; i < Math.Min(start, text.Length); i++)
        {
            (line, column) = text[i] == '\n' ? (line + 1, 0) : (line, column + 1);
        }

        var position = new TextPosition(start, line, column);
        return new SourceSpan(file, position, position);
    }

    private ScriptRuntimeException Error(int position, string message) => new(Span(position), message);

    private void Add(TokenKind kind, int start, int end, string? value = null) =>
        _tokens.Add(new Token(kind, start, end, value ?? text[start..end]));

    private void ReadRaw()
    {
        var start = _position;
        var enter = text.IndexOf("{{", start, StringComparison.Ordinal);
        var escape = text.IndexOf("{%", start, StringComparison.Ordinal);
        if (escape >= 0 && (enter < 0 || escape < enter) && text[(escape + 1)..].TrimStart('%').StartsWith('{'))
        {
            throw Error(escape, "Escape blocks ({%{ … }%}) are not supported by the offline flavour.");
        }

        var end = enter < 0 ? text.Length : enter;
        _position = end;
        if (enter >= 0 && enter + 2 < text.Length)
        {
            // `{{-` takes all whitespace before it, `{{~` only that on its own line.
            var mode = text[enter + 2];
            while (end > start && (mode == '-' || (mode == '~' && text[end - 1] != '\n')) && char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }
        }

        if (end > start)
        {
            Add(TokenKind.Raw, start, end);
        }
    }

    private void ReadCode()
    {
        var enter = _position;
        _position += 2;
        if (_position < text.Length && text[_position] is '-' or '~')
        {
            _position++;
        }

        Add(TokenKind.Enter, enter, _position);
        while (true)
        {
            if (_position >= text.Length)
            {
                throw Error(enter, "Code block without its end `}}`.");
            }

            if (ExitLength() is var length and > 0)
            {
                ReadExit(length);
                return;
            }

            var c = text[_position];
            if (c is '\n' or ';')
            {
                Add(TokenKind.EndOfStatement, _position, ++_position);
            }
            else if (char.IsWhiteSpace(c))
            {
                _position++;
            }
            else if (c == '#')
            {
                SkipComment();
            }
            else
            {
                ReadToken(c);
            }
        }
    }

    private int ExitLength()
    {
        var rest = text.AsSpan(_position);
        return rest.StartsWith("}}") ? 2 : rest.StartsWith("-}}") || rest.StartsWith("~}}") ? 3 : 0;
    }

    private void ReadExit(int length)
    {
        var mode = text[_position];
        Add(TokenKind.Exit, _position, _position + length);
        _position += length;
        // `-}}` takes all whitespace after it, `~}}` that up to and with the line's end.
        while (mode is '-' or '~' && _position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            if (text[_position++] == '\n' && mode == '~')
            {
                return;
            }
        }
    }

    private void SkipComment()
    {
        if (text.AsSpan(_position).StartsWith("##"))
        {
            var end = text.IndexOf("##", _position + 2, StringComparison.Ordinal);
            // A comment over several lines ends at the code block's end too.
            var exit = text.IndexOf("}}", _position, StringComparison.Ordinal);
            if (end >= 0 && (exit < 0 || end < exit))
            {
                _position = end + 2;
                return;
            }

            _position = exit < 0 ? text.Length : text[exit - 1] is '-' or '~' ? exit - 1 : exit;
            return;
        }

        while (_position < text.Length && text[_position] != '\n' && ExitLength() == 0)
        {
            _position++;
        }
    }

    private void ReadToken(char c)
    {
        var start = _position;
        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '_'))
            {
                _position++;
            }

            Add(TokenKind.Name, start, _position);
        }
        else if (char.IsAsciiDigit(c))
        {
            while (_position < text.Length && (char.IsAsciiDigit(text[_position])
                || (text[_position] == '.' && _position + 1 < text.Length && char.IsAsciiDigit(text[_position + 1]))))
            {
                _position++;
            }

            Add(TokenKind.Number, start, _position);
        }
        else if (c is '"' or '\'' or '`')
        {
            ReadText(c);
        }
        else
        {
            var symbol = Array.Find(Symbols, candidate => string.CompareOrdinal(text, start, candidate, 0, candidate.Length) == 0)
                ?? throw Error(start, $"`{c}` is not supported by the offline flavour.");
            _position += symbol.Length;
            Add(TokenKind.Symbol, start, _position, symbol);
        }
    }

    private void ReadText(char quote)
    {
        var start = _position++;
        var value = new System.Text.StringBuilder();
        while (_position < text.Length && text[_position] != quote)
        {
            if (text[_position] == '\\' && quote != '`')
            {
                var c = ++_position < text.Length ? text[_position] : '\0';
                value.Append(c switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => '\0',
                    '\\' or '"' or '\'' => c,
                    _ => throw Error(_position, $"Unexpected escape character `\\{c}` in string."),
                });
                _position++;
            }
            else
            {
                value.Append(text[_position++]);
            }
        }

        if (_position >= text.Length)
        {
            throw Error(start, "Unexpected end of file while parsing a string not terminated by its quote.");
        }

        _position++;
        Add(TokenKind.Text, start, _position, value.ToString());
    }
}
