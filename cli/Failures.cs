using PostgresHa.Lab;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>Turns what went wrong into the one sentence that is shown of it.</summary>
public static class Failures
{
    /// <summary>
    /// What is said of an exception. Expected ones carry their own sentence; others are named, with the way to see all of it.
    /// </summary>
    public static string Describe(Exception error) => error switch
    {
        CommandException or StackFileException or LabException or EngineException or SshException => error.Message,
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        UnauthorizedAccessException or IOException => $"{FirstLine(error.Message)} (PGHA_DEBUG=1 shows where this happened)",
        _ => $"unexpected {error.GetType().Name}: {FirstLine(error.Message)} (PGHA_DEBUG=1 shows where this happened)",
    };

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd();
}
