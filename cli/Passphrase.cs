namespace PostgresHa.Cli;

/// <summary>The passphrase that encrypts a stack's secrets, as Pulumi is told it.</summary>
internal static class Passphrase
{
    /// <summary>Variable that holds it.</summary>
    public const string Variable = "PULUMI_CONFIG_PASSPHRASE";

    /// <summary>Variable that holds the path of a file with it.</summary>
    public const string FileVariable = "PULUMI_CONFIG_PASSPHRASE_FILE";

    /// <summary>The passphrase of a stack with encrypted values.</summary>
    /// <exception cref="CommandException">Nobody says it, or its file cannot be read.</exception>
    public static string Require(StackContext context)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } given)
        {
            return given;
        }

        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } file)
        {
            throw new CommandException(
                $"The secrets of stack {context.Stack} are encrypted: set {Variable}, or {FileVariable} to the path of a file "
                + "that holds the passphrase.");
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{FileVariable}: {file} cannot be read ({error.Message}).", error);
        }
    }

    /// <summary>The one that the lab made, unless one is set by a variable, which the engine then reads itself.</summary>
    /// <param name="file">Where the lab keeps it.</param>
    /// <returns>It; null where the variables, or nobody, say it.</returns>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static string? OfLab(string file)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null
            || Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 }
            || !File.Exists(file))
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CommandException($"The lab's passphrase {file} belongs to root: run it with sudo, or set {Variable}.", error);
        }
    }
}
