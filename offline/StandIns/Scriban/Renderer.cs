using System.Collections;
using System.Globalization;
using System.Text;
using Scriban.Syntax;

namespace Scriban;

internal sealed class TemplateRenderer(string text, string file, TemplateContext context)
{
    private readonly StringBuilder _output = new();
    private readonly List<(string Name, object? Value)> _locals = [];
    private string? _indent;
    private bool _afterNewLine;
    private int _steps;

    internal string Render(Block body)
    {
        Run(body);
        return _output.ToString();
    }

    private ScriptRuntimeException Error(int position, string message) =>
        new(new TemplateLexer(text, file).Span(position), message);

    private void Run(Block block)
    {
        var outer = _indent;
        var current = outer;
        foreach (var statement in block.Statements)
        {
            if (context.AutoIndent && statement is EscapeStatement escape)
            {
                current = escape.Entering ? escape.Indent : outer;
            }

            _indent = current;
            switch (statement)
            {
                case RawStatement raw:
                    Write(text, raw.Start, raw.End);
                    break;
                case ValueStatement value:
                    var content = ToText(Evaluate(value.Value));
                    Write(content, 0, content.Length);
                    break;
                case IfStatement choice:
                    RunIf(choice);
                    break;
                case ForStatement loop:
                    RunFor(loop);
                    break;
            }
        }

        _indent = outer;
    }

    private void RunIf(IfStatement choice)
    {
        switch (ToBool(Evaluate(choice.Condition)) ? choice.Then : choice.Else)
        {
            case Block block:
                Run(block);
                break;
            case IfStatement next:
                RunIf(next);
                break;
        }
    }

    private void RunFor(ForStatement loop)
    {
        var list = Evaluate(loop.List) switch
        {
            null => [],
            string => throw Error(loop.List.Start, "Unexpected type `System.String` for iterator"),
            IEnumerable items => items.Cast<object?>().ToList(),
            var other => throw Error(loop.List.Start, $"Unexpected type `{other.GetType()}` for iterator"),
        };
        if (list.Count == 0 && loop.Else is not null)
        {
            Run(loop.Else);
            return;
        }

        for (var i = 0; i < list.Count; i++)
        {
            if (context.LoopLimit > 0 && ++_steps > context.LoopLimit)
            {
                throw Error(loop.Start, $"Exceeding number of iteration limit `{context.LoopLimit}` for loop statement.");
            }

            _locals.Add(("for", new Dictionary<string, object?>
            {
                ["index"] = i,
                ["rindex"] = list.Count - 1 - i,
                ["first"] = i == 0,
                ["last"] = i == list.Count - 1,
                ["even"] = i % 2 == 0,
                ["odd"] = i % 2 == 1,
                ["length"] = list.Count,
                ["changed"] = i == 0 || !Equals(list[i - 1], list[i]),
            }));
            _locals.Add((loop.Variable, list[i]));
            Run(loop.Body);
            _locals.RemoveRange(_locals.Count - 2, 2);
        }
    }

    // As the real one: each line of what code writes gets the whitespace that stands in front of the code.
    private void Write(string source, int start, int end)
    {
        if (_indent is null)
        {
            if (end > start)
            {
                _afterNewLine = source[end - 1] == '\n';
            }

            _output.Append(source, start, end - start);
            return;
        }

        while (start < end)
        {
            var newLine = source.IndexOf('\n', start, end - start);
            var length = (newLine < 0 ? end : newLine) - start;
            if (_afterNewLine && (newLine < 0 || context.IndentOnEmptyLines || (length != 0 && (length != 1 || source[start] != '\r'))))
            {
                _output.Append(_indent);
                _afterNewLine = false;
            }

            if (newLine < 0)
            {
                _output.Append(source, start, length);
                return;
            }

            _output.Append(source, start, length + 1);
            start = newLine + 1;
            _afterNewLine = true;
        }
    }

    private object? Evaluate(Expression expression) => expression switch
    {
        Literal literal => literal.Value,
        Variable variable => Resolve(variable),
        Member member => ResolveMember(member),
        Indexer indexer => ResolveIndex(indexer),
        Unary { Operator: "!" } not => !ToBool(Evaluate(not.Operand)),
        Unary minus => Calculate(minus.Start, "-", 0L, Evaluate(minus.Operand)),
        Binary { Operator: "&&" } and => ToBool(Evaluate(and.Left)) && ToBool(Evaluate(and.Right)),
        Binary { Operator: "||" } or => ToBool(Evaluate(or.Left)) || ToBool(Evaluate(or.Right)),
        Binary { Operator: "??" } either => Evaluate(either.Left) ?? Evaluate(either.Right),
        Binary binary => Calculate(binary.Start, binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
        _ => throw Error(expression.Start, "Unknown expression."),
    };

    private object? Resolve(Variable variable)
    {
        for (var i = _locals.Count - 1; i >= 0; i--)
        {
            if (_locals[i].Name == variable.Name)
            {
                return _locals[i].Value;
            }
        }

        return context.TryGetGlobal(variable.Name, out var value) ? value
            : context.StrictVariables ? throw Error(variable.Start, $"The variable or function `{variable.Name}` was not found")
            : null;
    }

    private object? ResolveMember(Member member)
    {
        var target = Evaluate(member.Target);
        if (target is null)
        {
            return context.EnableRelaxedTargetAccess
                ? null
                : throw Error(member.Start, $"Cannot get the member {Describe(member)} for a null object.");
        }

        return TryGetMember(target, member.Name, out var value) ? value
            : context.EnableRelaxedMemberAccess ? null
            : throw Error(member.Start, $"Cannot get member with name {member.Name}. ({Describe(member)})");
    }

    private object? ResolveIndex(Indexer indexer)
    {
        var target = Evaluate(indexer.Target);
        var index = Evaluate(indexer.Index);
        switch (target)
        {
            case null:
                return context.EnableRelaxedTargetAccess ? null : throw Error(indexer.Start, $"Object `{Describe(indexer.Target)}` is null. Cannot access indexer");
            case IList list when index is not string:
                var position = Convert.ToInt32(index, CultureInfo.InvariantCulture);
                position = position < 0 ? list.Count + position : position;
                return position >= 0 && position < list.Count ? list[position]
                    : context.EnableRelaxedIndexerAccess ? null
                    : throw Error(indexer.Start, $"The index {position} is out of bounds [0, {list.Count}]");
            default:
                return TryGetMember(target, ToText(index), out var value) ? value
                    : context.EnableRelaxedMemberAccess ? null
                    : throw Error(indexer.Start, $"Cannot get member with name {ToText(index)}.");
        }
    }

    private static bool TryGetMember(object target, string name, out object? value)
    {
        switch (target)
        {
            case IDictionary<string, object?> dictionary:
                return dictionary.TryGetValue(name, out value);
            case IDictionary dictionary:
                value = dictionary[name];
                return dictionary.Contains(name);
            case ICollection list when name == "size":
                value = list.Count;
                return true;
            case string str when name == "size":
                value = str.Length;
                return true;
        }

        var property = Array.Find(target.GetType().GetProperties(), candidate =>
            candidate.GetIndexParameters().Length == 0 && Runtime.ScriptObjectExtensions.StandardName(candidate.Name) == name);
        value = property?.GetValue(target);
        return property is not null;
    }

    private object Calculate(int position, string symbol, object? left, object? right)
    {
        if (left is string || right is string)
        {
            var order = string.CompareOrdinal(left is null ? null : ToText(left), right is null ? null : ToText(right));
            return symbol == "+" ? ToText(left) + ToText(right) : Compare(order) ?? throw Unsupported();
        }

        if (left is null || right is null || left is bool || right is bool)
        {
            return symbol switch
            {
                "==" => Equals(left, right),
                "!=" => !Equals(left, right),
                "<" or ">" or "<=" or ">=" when left is null || right is null => false,
                _ => throw Unsupported(),
            };
        }

        if (left is not IConvertible || right is not IConvertible)
        {
            return symbol switch { "==" => Equals(left, right), "!=" => !Equals(left, right), _ => throw Unsupported() };
        }

        if (IsWhole(left) && IsWhole(right))
        {
            var (a, b) = (Convert.ToInt64(left, CultureInfo.InvariantCulture), Convert.ToInt64(right, CultureInfo.InvariantCulture));
            return symbol switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => (double)a / b,
                "%" => a % b,
                _ => Compare(a.CompareTo(b))!,
            };
        }

        var (x, y) = (Convert.ToDouble(left, CultureInfo.InvariantCulture), Convert.ToDouble(right, CultureInfo.InvariantCulture));
        return symbol switch { "+" => x + y, "-" => x - y, "*" => x * y, "/" => x / y, "%" => x % y, _ => Compare(x.CompareTo(y))! };

        object? Compare(int order) => symbol switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => null,
        };

        ScriptRuntimeException Unsupported() =>
            Error(position, $"The operator `{symbol}` is not supported between `{ToText(left)}` and `{ToText(right)}`");
    }

    private static bool IsWhole(object value) => value is int or long or short or byte or uint or ushort or sbyte;

    private static bool ToBool(object? value) => value is bool truth ? truth : value is not null;

    private static string Describe(Expression expression) => expression switch
    {
        Variable variable => variable.Name,
        Member member => Describe(member.Target) + "." + member.Name,
        _ => "expression",
    };

    private static string ToText(object? value) => value switch
    {
        null => string.Empty,
        string str => str,
        bool truth => truth ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(item => item switch
        {
            string str => $"\"{str}\"",
            null => "null",
            _ => ToText(item),
        })) + "]",
        _ => value.ToString() ?? string.Empty,
    };
}
