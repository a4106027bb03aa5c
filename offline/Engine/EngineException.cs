namespace PostgresHa.Offline;

/// <summary>Something the user can put right. The message says what and how; a stack trace would add nothing.</summary>
public sealed class EngineException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="inner">The cause.</param>
    public EngineException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
