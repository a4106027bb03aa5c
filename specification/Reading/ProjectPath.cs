namespace PostgresHa.Specification;

/// <summary>Paths of files on the machine the program runs on.</summary>
internal static class ProjectPath
{
    /// <summary>Absolute paths stay, <c>~/</c> is the user's home, the rest is relative to the project's folder.</summary>
    public static string Resolve(string path, string projectDirectory) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : Path.GetFullPath(path, Path.GetFullPath(projectDirectory));

    /// <summary>Whether a file is one of those the lab makes.</summary>
    public static bool IsOfLab(string path, string projectDirectory) =>
        path.StartsWith(Path.Join(Path.GetFullPath(projectDirectory), ".lab") + "/", StringComparison.Ordinal);

    /// <summary>What to do about a file that is not there.</summary>
    public static string MissingRemedy(string path, string projectDirectory, string otherwise) =>
        IsOfLab(path, projectDirectory) ? "run ./pgha lab up, which makes it" : otherwise;
}
