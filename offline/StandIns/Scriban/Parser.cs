using System.Globalization;
using Scriban.Syntax;

namespace Scriban;

internal abstract record Statement;

internal sealed record RawStatement(int Start, int End) : Statement;

// Where code is entered or left; entering remembers the whitespace in front of it on its line, for the lines of a value of several lines.
internal sealed record EscapeStatement(bool Entering, string Indent) : Statement;

internal sealed record ValueStatement(Expression Value) : Statement;

internal sealed record IfStatement(Expression Condition, Block Then, Statement? Else) : Statement;

internal sealed record ForStatement(string Variable, Expression List, Block Body, Block? Else, int Start) : Statement;

internal sealed record Block(List<Statement> Statements) : Statement;

internal abstract record Expression(int Start);

internal sealed record Literal(int Start, object? Value) : Expression(Start);

internal sealed record Variable(int Start, string Name) : Expression(Start);

internal sealed record Member(int Start, Expression Target, string Name) : Expression(Start);

internal sealed record Indexer(int Start, Expression Target, Expression Index) : Expression(Start);

internal sealed record Unary(int Start, string Operator, Expression Operand) : Expression(Start);

internal sealed record Binary(int Start, string Operator, Expression Left, Expression Right) : Expression(Start);

internal sealed class TemplateParser
{
    private static readonly Dictionary<string, int> Precedence = new(StringComparer.Ordinal)
    {
        ["??"] = 20,
        ["||"] = 30,
        ["&&"] = 40,
        ["=="] = 70,
        ["!="] = 70,
        ["<"] = 80,
        ["<="] = 80,
        [">"] = 80,
        [">="] = 80,
        ["+"] = 100,
        ["-"] = 100,
        ["*"] = 110,
        ["/"] = 110,
        ["%"] = 110,
    };

    private static readonly HashSet<string> Unsupported = new(StringComparer.Ordinal)
    {
        "func", "capture", "with", "while", "case", "when", "import", "include", "wrap", "ret", "break", "continue", "readonly", "tablerow",
        "do", "this", "empty",
    };

    private readonly string _text;
    private readonly TemplateLexer _lexer;
    private List<Token> _tokens = [];
    private int _next;

    internal TemplateParser(string text, string file)
    {
        _text = text;
        _lexer = new TemplateLexer(text, file);
    }

    private Token Current => _tokens[_next];

    internal Block Parse()
    {
        _tokens = _lexer.Run();
        var block = ParseBlock(nested: null);
        return Current.Kind == TokenKind.EndOfFile
            ? block
            : throw Error(Current, "Found <end> statement without a corresponding beginning of a block");
    }

    private ScriptRuntimeException Error(Token token, string message) => new(_lexer.Span(token.Start), message);

    private Block ParseBlock(Token? nested)
    {
        var statements = new List<Statement>();
        while (true)
        {
            var token = Current;
            switch (token.Kind)
            {
                case TokenKind.Raw:
                    statements.Add(new RawStatement(token.Start, token.End));
                    _next++;
                    break;
                case TokenKind.Enter:
                    statements.Add(new EscapeStatement(true, IndentBefore(statements)));
                    _next++;
                    break;
                case TokenKind.Exit:
                    statements.Add(new EscapeStatement(false, string.Empty));
                    _next++;
                    break;
                case TokenKind.EndOfStatement:
                    _next++;
                    break;
                case TokenKind.Name when token.Value is "end" or "else":
                    return new Block(statements);
                case TokenKind.EndOfFile:
                    return nested is null ? new Block(statements) : throw Error(nested.Value, "The <end> statement was not found");
                default:
                    statements.Add(ParseStatement(token));
                    break;
            }
        }
    }

    private string IndentBefore(List<Statement> statements)
    {
        if (statements is not [.., RawStatement raw])
        {
            return string.Empty;
        }

        for (var i = raw.End - 1; i >= 0 && char.IsWhiteSpace(_text[i]); i--)
        {
            if (_text[i] == '\n')
            {
                return _text[(i + 1)..raw.End];
            }

            if (i == 0)
            {
                return _text[..raw.End];
            }
        }

        return string.Empty;
    }

    private Statement ParseStatement(Token token)
    {
        if (token is { Kind: TokenKind.Name, Value: "if" })
        {
            _next++;
            var statement = ParseIf(token);
            ExpectEnd(token);
            return statement;
        }

        if (token is { Kind: TokenKind.Name, Value: "for" } && _tokens[_next + 1].Value != ".")
        {
            _next++;
            var statement = ParseFor(token);
            ExpectEnd(token);
            return statement;
        }

        var value = ParseExpression(0);
        ExpectEndOfStatement();
        return new ValueStatement(value);
    }

    private IfStatement ParseIf(Token begin)
    {
        var condition = ParseExpression(0);
        ExpectEndOfStatement();
        var then = ParseBlock(begin);
        if (!Take("else"))
        {
            return new IfStatement(condition, then, null);
        }

        return new IfStatement(condition, then, Take("if") ? ParseIf(begin) : ParseBlock(begin));
    }

    private ForStatement ParseFor(Token begin)
    {
        if (Current.Kind != TokenKind.Name)
        {
            throw Error(Current, "Expecting a variable after `for`.");
        }

        var variable = _tokens[_next++].Value;
        if (!Take("in"))
        {
            throw Error(Current, "Expecting `in` after the variable of `for`.");
        }

        var list = ParseExpression(0);
        ExpectEndOfStatement();
        var body = ParseBlock(begin);
        return new ForStatement(variable, list, body, Take("else") ? ParseBlock(begin) : null, begin.Start);
    }

    private void ExpectEnd(Token begin)
    {
        if (!Take("end"))
        {
            throw Error(begin, "The <end> statement was not found");
        }

        ExpectEndOfStatement();
    }

    private bool Take(string name)
    {
        if (Current.Kind != TokenKind.Name || Current.Value != name)
        {
            return false;
        }

        _next++;
        return true;
    }

    private bool TakeSymbol(string symbol)
    {
        if (Current.Kind != TokenKind.Symbol || Current.Value != symbol)
        {
            return false;
        }

        _next++;
        return true;
    }

    private void ExpectEndOfStatement()
    {
        if (Current.Kind is not (TokenKind.Exit or TokenKind.EndOfStatement or TokenKind.EndOfFile))
        {
            throw Error(Current, $"Invalid token found `{Current.Value}`. Expecting <EOL>/end of line: assignments, pipes and function calls are not supported by the offline flavour.");
        }
    }

    private Expression ParseExpression(int precedence)
    {
        var left = ParseUnary();
        while (Current.Kind == TokenKind.Symbol && Precedence.TryGetValue(Current.Value, out var next) && next > precedence)
        {
            var symbol = _tokens[_next++];
            left = new Binary(symbol.Start, symbol.Value, left, ParseExpression(next));
        }

        return left;
    }

    private Expression ParseUnary()
    {
        var token = Current;
        if (TakeSymbol("!") || TakeSymbol("-"))
        {
            return new Unary(token.Start, token.Value, ParseUnary());
        }

        _next++;
        Expression expression = token.Kind switch
        {
            TokenKind.Text => new Literal(token.Start, token.Value),
            TokenKind.Number when token.Value.Contains('.', StringComparison.Ordinal) =>
                new Literal(token.Start, double.Parse(token.Value, CultureInfo.InvariantCulture)),
            TokenKind.Number => new Literal(token.Start, long.Parse(token.Value, CultureInfo.InvariantCulture)),
            TokenKind.Name when token.Value is "true" or "false" => new Literal(token.Start, token.Value == "true"),
            TokenKind.Name when token.Value == "null" => new Literal(token.Start, null),
            TokenKind.Name when Unsupported.Contains(token.Value) =>
                throw Error(token, $"`{token.Value}` is not supported by the offline flavour."),
            TokenKind.Name => new Variable(token.Start, token.Value),
            TokenKind.Symbol when token.Value == "(" => ParseParenthesis(token),
            _ => throw Error(token, $"Unexpected token `{token.Value}` in expression."),
        };
        while (true)
        {
            if (TakeSymbol("."))
            {
                var member = _tokens[_next++];
                expression = member.Kind == TokenKind.Name
                    ? new Member(member.Start, expression, member.Value)
                    : throw Error(member, $"Invalid token `{member.Value}`. The dot operator is expected to be followed by a plain identifier");
            }
            else if (Current.Value == "[" && TakeSymbol("["))
            {
                var index = ParseExpression(0);
                expression = TakeSymbol("]")
                    ? new Indexer(token.Start, expression, index)
                    : throw Error(Current, "Expecting `]`.");
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParseParenthesis(Token token)
    {
        var inner = ParseExpression(0);
        return TakeSymbol(")") ? inner : throw Error(token, "The parenthesis is not closed.");
    }
}
