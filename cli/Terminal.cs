using Spectre.Console;

namespace PostgresHa.Cli;

/// <summary>Where tables and colours go.</summary>
internal static class Terminal
{
    // A log or a mail has no width to fit into.
    private const int WidthElsewhere = 240;

    private static readonly Lazy<IAnsiConsole> Lazily = new(static () =>
    {
        var plain = Console.IsOutputRedirected
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthElsewhere;
        }

        return console;
    });

    /// <summary>Standard output: with colours on a terminal that has them, plain and wide elsewhere.</summary>
    public static IAnsiConsole Output => Lazily.Value;
}
