using System.Text;

namespace PostgresHa.Offline;

/// <summary>Colours, where a person looks: a terminal that has them and no NO_COLOR.</summary>
internal sealed class Paint(TextWriter writer, bool enabled)
{
    private const string Reset = "\e[0m";

    /// <summary>For standard output.</summary>
    internal static Paint ForConsole() => new(Console.Out, !Console.IsOutputRedirected && TerminalHasColours);

    /// <summary>For standard error.</summary>
    internal static Paint ForErrors() => new(Console.Error, !Console.IsErrorRedirected && TerminalHasColours);

    private static bool TerminalHasColours =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>A line; what is in it of others can do nothing to the terminal.</summary>
    internal void Line(string text = "", char tone = ' ') => Line((text, tone));

    internal void Line(params ReadOnlySpan<(string Text, char Tone)> parts)
    {
        var line = new StringBuilder();
        foreach (var (text, tone) in parts)
        {
            line.Append(In(tone, Visible.Of(text)));
        }

        writer.WriteLine(line);
    }

    private string In(char tone, string text) => !enabled || text.Length == 0 ? text : tone switch
    {
        '+' => "\e[32m" + text + Reset,
        '-' or '!' => "\e[31m" + text + Reset,
        '~' => "\e[33m" + text + Reset,
        '@' => "\e[36m" + text + Reset,
        '.' => "\e[2m" + text + Reset,
        '*' => "\e[1m" + text + Reset,
        _ => text,
    };
}
