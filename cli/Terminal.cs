using Spectre.Console;
using Spectre.Console.Rendering;

namespace PostgresHa.Cli;

/// <summary>Where tables and colours go.</summary>
internal static class Terminal
{
    // A log or a mail has no width to fit into.
    private const int WidthElsewhere = 240;

    private static readonly Lazy<IAnsiConsole> LazyOutput = new(static () => For(Console.Out, Console.IsOutputRedirected));
    private static readonly Lazy<IAnsiConsole> LazyErrors = new(static () => For(Console.Error, Console.IsErrorRedirected));

    /// <summary>Standard output: with colours on a terminal that has them, plain and wide elsewhere.</summary>
    public static IAnsiConsole Output => LazyOutput.Value;

    /// <summary>Standard error, in the same way.</summary>
    public static IAnsiConsole Errors => LazyErrors.Value;

    /// <summary>A console that writes to a writer; no terminal is behind it if it is redirected.</summary>
    public static IAnsiConsole For(TextWriter writer, bool isRedirected)
    {
        var plain = isRedirected
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
            // They would turn colours on in the logs of some build services.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (isRedirected)
        {
            console.Profile.Width = WidthElsewhere;
        }

        return console;
    }

    /// <summary>
    /// Writes a line that is neither wrapped nor cut, and in which nothing is obeyed by the terminal: what is copied from it is whole.
    /// </summary>
    /// <param name="console">Where to.</param>
    /// <param name="text">The line, whoever wrote it.</param>
    /// <param name="style">Its style, in the words of Spectre's markup.</param>
    public static void Line(this IAnsiConsole console, string text = "", string style = Plain) => console.Line((text, style));

    /// <summary>Writes such a line in several styles.</summary>
    public static void Line(this IAnsiConsole console, params (string Text, string Style)[] parts) => console.Write(new WholeLine(parts));

    /// <summary>The style of text that has none.</summary>
    public const string Plain = "default";

    private sealed class WholeLine((string Text, string Style)[] parts) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            [.. parts.Select(static part => new Segment(Visible.Of(part.Text), Style.Parse(part.Style))), Segment.LineBreak];
    }
}
