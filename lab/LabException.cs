namespace PostgresHa.Lab;

/// <summary>The lab cannot go on; the message says what happened and, where there is one, the remedy. Meant to be shown as it is.</summary>
public sealed class LabException : Exception
{
    /// <summary>Creates one with no message of its own.</summary>
    public LabException()
    {
    }

    /// <summary>Creates one from what happened and the remedy.</summary>
    public LabException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one from what happened, and the failure beneath it.</summary>
    public LabException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
