using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>The folder with <c>Pulumi.yaml</c> and the stack files.</summary>
public sealed class Project
{
    /// <summary>Name of the project, the prefix of its configuration keys.</summary>
    public const string Name = "postgres-ha";

    private const string File = ProjectFile.FileName;

    private Project(string directory) => Directory = directory;

    /// <summary>The folder, absolute.</summary>
    public string Directory { get; }

    /// <summary>The stacks that have a file, in ordinal order.</summary>
    public IReadOnlyList<string> Stacks => StackName.All(Directory);

    /// <summary>
    /// Finds the project: the given folder, else the nearest one at or above the current folder, as Pulumi does, else the folder of the
    /// <c>pgha</c> script.
    /// </summary>
    /// <param name="given">What <c>--project</c> says; null when it was left out.</param>
    /// <exception cref="CommandException">There is none, or the nearest is another project's.</exception>
    /// <exception cref="StackFileException">Its file cannot be read.</exception>
    public static Project Find(string? given)
    {
        if (given is not null)
        {
            var directory = given.Length == 0
                ? throw new CommandException("--project: names no folder; give that of a postgres-ha project.")
                : Path.GetFullPath(given);
            return ProjectFile.IsIn(directory)
                ? new Project(directory)
                : throw new CommandException($"--project: {directory} holds no {File}; give the folder of a postgres-ha project.");
        }

        for (var folder = new DirectoryInfo(Current()); folder is not null; folder = folder.Parent)
        {
            if (ProjectFile.IsIn(folder.FullName))
            {
                return Ours(folder.FullName);
            }
        }

        return Environment.GetEnvironmentVariable("PGHA_HOME") is { Length: > 0 } home && ProjectFile.IsIn(home)
            ? Ours(Path.GetFullPath(home))
            : throw new CommandException($"There is no {File} of the project {Name} here or above; give its folder with --project.");
    }

    private static string Current()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (FileNotFoundException error)
        {
            throw new CommandException("The current folder does not exist any more; go to another.", error);
        }
    }

    // To go on elsewhere would apply a stack file that nobody in this folder is looking at.
    private static Project Ours(string directory) => ProjectFile.NameIn(directory) is var name && name == Name
        ? new Project(directory)
        : throw new CommandException(
            $"{Path.Combine(directory, File)} is of the project {name}, not {Name}; give the folder of the one you mean with --project.");
}
