namespace PostgresHa.Cli;

/// <summary>A command cannot do what was asked; the message is one clear sentence for whoever asked.</summary>
public sealed class CommandException : Exception
{
    /// <summary>Creates one with no message of its own.</summary>
    public CommandException()
    {
    }

    /// <summary>Creates one from what is wrong and what to do about it.</summary>
    public CommandException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one from what is wrong, and the failure beneath it.</summary>
    public CommandException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
