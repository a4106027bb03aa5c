using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>The folder with <c>Pulumi.yaml</c> and the stack files.</summary>
public sealed class Project
{
    /// <summary>Name of the project, the prefix of its configuration keys.</summary>
    public const string Name = "postgres-ha";

    private const string File = "Pulumi.yaml";

    private Project(string directory) => Directory = directory;

    /// <summary>The folder, absolute.</summary>
    public string Directory { get; }

    /// <summary>The stacks that have a file, in ordinal order.</summary>
    public IReadOnlyList<string> Stacks => StackFile.Stacks(Directory);

    /// <summary>
    /// Finds the project: the given folder, else the nearest one above the current folder that is a project of ours, else the folder of the
    /// <c>pgha</c> script.
    /// </summary>
    /// <param name="given">What <c>--project</c> says; null when it was left out.</param>
    /// <exception cref="CommandException">There is none.</exception>
    public static Project Find(string? given)
    {
        if (given is not null)
        {
            var directory = Path.GetFullPath(given);
            return System.IO.File.Exists(Path.Combine(directory, File))
                ? new Project(directory)
                : throw new CommandException($"--project: {directory} holds no {File}; give the folder of a postgres-ha project.");
        }

        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (IsOurs(folder.FullName))
            {
                return new Project(folder.FullName);
            }
        }

        return Environment.GetEnvironmentVariable("PGHA_HOME") is { Length: > 0 } home && IsOurs(home)
            ? new Project(Path.GetFullPath(home))
            : throw new CommandException($"There is no {File} of the project {Name} here or above; give its folder with --project.");
    }

    private static bool IsOurs(string directory)
    {
        var file = Path.Combine(directory, File);
        return System.IO.File.Exists(file) && System.IO.File.ReadLines(file).Any(static line => line.TrimEnd() == "name: " + Name);
    }
}
