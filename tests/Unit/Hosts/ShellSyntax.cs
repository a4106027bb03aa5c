using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// Which commands a shell script runs, by shfmt's syntax tree of it: wherever they stand, behind which other command, in which quoted
/// script.
/// </summary>
internal sealed class ShellSyntax
{
    // What only the running script knows.
    private const char Unknown = '\0';

    private static readonly HashSet<string> Builtins =
    [
        ".", ":", "[", "break", "cd", "continue", "echo", "exit", "export", "false", "kill", "printf", "read", "return", "set", "shift",
        "test", "trap", "true", "umask", "unset", "wait",
    ];

    // Functions and programs that run the words behind those that are their own.
    private static readonly Dictionary<string, (bool Program, Func<IReadOnlyList<string>, int> Own)> Runners = new(StringComparer.Ordinal)
    {
        ["exec"] = (false, static _ => 1),
        ["by_proxy"] = (false, static _ => 1),
        ["directly"] = (false, static _ => 1),
        ["run"] = (false, static _ => 1),
        ["wait_until"] = (false, static _ => 3),
        ["timeout"] = (true, static words => AfterOptions(words) + 1),
        ["nice"] = (true, AfterOptions),
        ["systemd-run"] = (true, AfterOptions),
        ["runuser"] = (true, static words => words.ToList().IndexOf("--") + 1),
        ["env"] = (true, static words => words.Skip(1).TakeWhile(static word => word.Contains('=', StringComparison.Ordinal)).Count() + 1),
    };

    private readonly HashSet<string> _functions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _programs = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);

    private ShellSyntax(string script) => Walk(Parse(script));

    /// <summary>The programs, less the script's own functions.</summary>
    public IEnumerable<string> Programs => _programs.Where(program => !_functions.Contains(program));

    /// <summary>The functions it declares.</summary>
    public IEnumerable<string> Functions => _functions;

    /// <summary>The commands that only the running script knows, as they stand in it.</summary>
    public IEnumerable<string> Computed => _unknown;

    public static ShellSyntax Of(string script) => new(script);

    private static JsonNode Parse(string script)
    {
        var tree = Components.Programs.Answer(
            Components.Programs.Path("shfmt"), Encoding.UTF8.GetBytes(script), "-ln", "posix", "--to-json");
        return JsonNode.Parse(tree, documentOptions: new() { MaxDepth = 1000 })!;
    }

    private void Walk(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Walk(item);
            }
        }
        else if (node is JsonObject item)
        {
            switch ((string?)item["Type"])
            {
                case "CallExpr" when item["Args"] is JsonArray { Count: > 0 } words:
                    Command([.. words.Select(Text)]);
                    break;
                case "FuncDecl":
                    _functions.Add((string)item["Name"]!["Value"]!);
                    break;
            }

            foreach ((_, var value) in item)
            {
                Walk(value);
            }
        }
    }

    // What a program runs is a program, also where the shell has its like built in.
    private void Command(IReadOnlyList<string> words, bool byProgram = false)
    {
        if (words.Count == 0)
        {
            return;
        }

        var name = words[0];
        if (name == "command" || (name == "set" && words is [_, "--", not ['-', ..], ..]))
        {
            // `command -v NAME` only asks; `set -- NAME …` is a command put together for later.
            Command([.. words.Skip(words.Count > 1 && words[1] == "-v" ? words.Count : name == "set" ? 2 : 1)]);
            return;
        }

        if (name.Contains(Unknown))
        {
            _unknown.Add(name.Replace(Unknown, '$'));
            if (name.EndsWith("/with-environment", StringComparison.Ordinal))
            {
                Command([.. words.Skip(2)], byProgram: true);
            }
            // A runner that was given as an argument, in front of a command.
            else if (name is [Unknown] && words.Count > 1 && words[1] is [>= 'a' and <= 'z', ..] && !words[1].Contains(Unknown))
            {
                Command([.. words.Skip(1)]);
            }

            return;
        }

        var runs = Runners.TryGetValue(name, out var runner);
        if (runs ? runner.Program : byProgram || !Builtins.Contains(name))
        {
            _programs.Add(name);
        }

        if (runs)
        {
            Command([.. words.Skip(runner.Own(words))], runner.Program);
        }

        Within(name, words);
    }

    // Scripts and commands among a program's arguments.
    private void Within(string name, IReadOnlyList<string> words)
    {
        for (var at = 1; at < words.Count; at++)
        {
            var script = (name is "sh" or "/bin/sh" && words[at - 1] == "-c") || (name == "trap" && at == 1);
            if (script && !words[at].Contains(Unknown))
            {
                Walk(Parse(words[at]));
            }
            else if (name == "find" && words[at - 1] is "-exec" or "-execdir")
            {
                Command([.. words.Skip(at).TakeWhile(static word => word is not (";" or "+"))]);
            }
            else if (name == "tar" && words[at] is ['-', not '-', ..])
            {
                // tar has another program unpack what is packed.
                Add("gzip", words[at].Contains('z', StringComparison.Ordinal));
                Add("bzip2", words[at].Contains('j', StringComparison.Ordinal));
            }
            else if (name == "tar")
            {
                Add("gzip", words[at].EndsWith(".gz", StringComparison.Ordinal));
                Add("xz", words[at].EndsWith(".xz", StringComparison.Ordinal));
            }
        }
    }

    private void Add(string program, bool wanted)
    {
        if (wanted)
        {
            _programs.Add(program);
        }
    }

    private static int AfterOptions(IReadOnlyList<string> words)
    {
        var at = 1;
        while (at < words.Count && words[at] is ['-', ..])
        {
            at++;
        }

        return at;
    }

    private static string Text(JsonNode? word)
    {
        var text = new StringBuilder();
        foreach (var part in word?["Parts"] as JsonArray ?? [])
        {
            _ = (string?)part!["Type"] switch
            {
                "Lit" or "SglQuoted" => text.Append((string?)part["Value"] ?? ""),
                "DblQuoted" => text.Append(Text(part)),
                _ => text.Append(Unknown),
            };
        }

        return text.ToString();
    }
}
