namespace PostgresHa.Tests.Cli;

/// <summary>A folder with a project of ours, gone after the test.</summary>
internal sealed class TemporaryProject : IDisposable
{
    public TemporaryProject()
    {
        Folder = Directory.CreateTempSubdirectory("pgha-test-").FullName;
        File.WriteAllText(Path.Combine(Folder, "Pulumi.yaml"), "name: postgres-ha\nruntime: dotnet\nmain: infra\n");
    }

    public string Folder { get; }

    public void Write(string stack, string content) => File.WriteAllText(Path.Combine(Folder, $"Pulumi.{stack}.yaml"), content);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
