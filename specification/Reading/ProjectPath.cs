namespace PostgresHa.Specification;

/// <summary>Paths of files on the machine the program runs on.</summary>
internal static class ProjectPath
{
    /// <summary>Absolute paths stay, <c>~/</c> is the user's home, the rest is relative to the project's folder.</summary>
    public static string Resolve(string path, string projectDirectory) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : Path.GetFullPath(path, Path.GetFullPath(projectDirectory));
}
