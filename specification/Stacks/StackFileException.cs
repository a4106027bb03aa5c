namespace PostgresHa.Specification;

/// <summary>A stack file or its project could not be read. The message is one sentence that names file and line.</summary>
public sealed class StackFileException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public StackFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public StackFileException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes the exception without a message.</summary>
    public StackFileException()
    {
    }
}
