namespace PostgresHa.Tests.Unit;

/// <summary>Files of the repository the tests run in.</summary>
internal static class Repository
{
    /// <summary>The folder with Pulumi.yaml.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "Pulumi.yaml")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No Pulumi.yaml above " + AppContext.BaseDirectory);
    }
}
