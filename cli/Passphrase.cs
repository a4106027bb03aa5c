namespace PostgresHa.Cli;

/// <summary>The passphrase that encrypts a stack's secrets, as Pulumi is told it.</summary>
public static class Passphrase
{
    /// <summary>Variable that holds it.</summary>
    public const string Variable = "PULUMI_CONFIG_PASSPHRASE";

    /// <summary>Variable that holds the path of a file with it.</summary>
    public const string FileVariable = "PULUMI_CONFIG_PASSPHRASE_FILE";

    /// <summary>Finds the passphrase: the variables first, then, for the lab's stack, the one that the lab made.</summary>
    /// <param name="context">The stack.</param>
    /// <param name="labFile">Path of the lab's passphrase.</param>
    /// <returns>It; null when there is none.</returns>
    /// <exception cref="CommandException">The named file cannot be read.</exception>
    public static string? Find(StackContext context, string labFile)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Environment.GetEnvironmentVariable(Variable) is { } direct)
        {
            return direct;
        }

        var file = Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } named ? named : null;
        if (file is null && context.IsLab && (File.Exists(labFile) || Directory.Exists(Path.GetDirectoryName(labFile))))
        {
            file = labFile;
        }

        if (file is null)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                file == labFile
                    ? $"The lab's passphrase {file} cannot be read ({error.Message}); it belongs to root: run it with sudo, or set {Variable}."
                    : $"{FileVariable}: {file} cannot be read ({error.Message}).",
                error);
        }
    }

    /// <summary>The passphrase of a stack that needs one.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static string Require(StackContext context, string labFile) => Find(context, labFile) ?? throw new CommandException(
        $"Stack {context.Stack} keeps its secrets encrypted: set {Variable}, or {FileVariable} to the path of a file that holds the passphrase.");
}
