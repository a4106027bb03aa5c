using System.Runtime.CompilerServices;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>
/// Texts that were looked at and found right, one file each below Snapshots/. With <c>UPDATE_SNAPSHOTS=1</c> the tests write them anew,
/// for the difference to be reviewed like any other.
/// </summary>
internal static class Snapshot
{
    /// <summary>Compares a text with the snapshot of that name.</summary>
    public static void Matches(string name, string text, [CallerFilePath] string caller = "")
    {
        var path = Path.Join(Path.GetDirectoryName(caller), "Snapshots", name);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }

        Assert.True(File.Exists(path), $"There is no snapshot {path}; UPDATE_SNAPSHOTS=1 writes it.");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
