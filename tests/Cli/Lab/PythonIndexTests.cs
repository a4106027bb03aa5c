using PostgresHa.Lab.Repository;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>One index for the hosts of several releases, each with wheels of its own.</summary>
public sealed class PythonIndexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pgha-test-").FullName;

    [Fact]
    public void A_project_has_the_wheels_of_every_release_each_once()
    {
        string[] folders =
        [
            Release("bookworm", "psycopg2_binary-2.9.5-cp311-cp311-manylinux_2_36_x86_64.whl", "six-1.16.0-cp311-none-any.whl"),
            Release("trixie", "psycopg2_binary-2.9.10-cp313-cp313-manylinux_2_41_x86_64.whl", "six-1.16.0-cp311-none-any.whl", "notes.txt"),
        ];
        var page = PythonIndex.Files(folders, "Psycopg2.Binary")!;
        Assert.Contains("psycopg2_binary-2.9.5-cp311-cp311-manylinux_2_36_x86_64.whl#sha256=", page, StringComparison.Ordinal);
        Assert.Contains("psycopg2_binary-2.9.10-cp313-cp313-manylinux_2_41_x86_64.whl#sha256=", page, StringComparison.Ordinal);
        Assert.Equal(2, PythonIndex.Files(folders, "six")!.Split("<a ").Length);
        Assert.Null(PythonIndex.Files(folders, "notes"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Release(string name, params string[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(folder, file), name);
        }

        return folder;
    }
}
