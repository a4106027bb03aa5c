namespace PostgresHa.Cli;

/// <summary>Exit codes besides 0 and 1.</summary>
public static class ExitCode
{
    /// <summary>The command line itself was not understood.</summary>
    public const int Usage = 2;

    /// <summary>As a shell reports a program that Ctrl+C ended.</summary>
    public const int Interrupted = 130;
}
