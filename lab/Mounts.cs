using System.Text.RegularExpressions;

namespace PostgresHa.Lab;

/// <summary>One mounted file system.</summary>
internal sealed record Mount(string Path, string Type);

/// <summary>What is mounted in this process's namespace.</summary>
internal static partial class Mounts
{
    /// <summary>All mounts, in the order they were made.</summary>
    public static IReadOnlyList<Mount> All() => Parse(File.ReadAllText("/proc/self/mountinfo"));

    /// <summary>The mounts of a mountinfo text.</summary>
    public static IReadOnlyList<Mount> Parse(string mountInfo) =>
    [
        .. from line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           let halves = line.Split(" - ")
           let fields = halves[0].Split(' ')
           where halves.Length == 2 && fields.Length >= 5
           select new Mount(Unescape(fields[4]), halves[1].Split(' ')[0]),
    ];

    /// <summary>Unmounts everything at and beneath a directory, the latest first.</summary>
    public static async Task UnmountAsync(string directory, CancellationToken cancellation)
    {
        var mine = All().Where(mount => mount.Path == directory || mount.Path.StartsWith(directory + "/", StringComparison.Ordinal));
        foreach (var mount in mine.Reverse())
        {
            var result = await Command.RunAsync(["umount", mount.Path], cancellation: cancellation);
            if (result.ExitCode != 0)
            {
                // Somebody's shell stands in there; the name must be gone nevertheless.
                await Command.RequireAsync(["umount", "--lazy", mount.Path], cancellation: cancellation);
            }
        }
    }

    private static string Unescape(string path) =>
        OctalPattern().Replace(path, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex OctalPattern();
}
