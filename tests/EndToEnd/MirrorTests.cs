using PostgresHa.EndToEnd.Support;
using PostgresHa.Lab;

namespace PostgresHa.EndToEnd;

/// <summary>
/// A second lab from a mirror in every state that a mirror can be in. What it is made of is real: debootstrap, apt, signed indexes, a
/// booted host.
/// </summary>
public sealed partial class ClusterTests
{
    private static readonly TimeSpan Good = TimeSpan.FromDays(7);

    [LabFact]
    public async Task A_lab_comes_up_whatever_state_its_mirror_is_in()
    {
        using var archive = new TestArchive(Path.Combine(_lab.Stack.Folder, ".lab", "server", "http.sock"));
        var folder = Directory.CreateTempSubdirectory("pgha-mirror-").FullName;
        var probe = archive.Package("debian", "pgha-probe", "1.0");
        var (newer, _) = archive.Source("debian", "postgresql-17", "17.13", ".tar.bz2", isThere: false);
        var (_, asked) = archive.Source("debian", "postgresql-17", "17.12", ".tar.bz2");
        var (older, known) = archive.Source("debian", "postgresql-17", "17.11", ".tar.bz2");
        var (_, absent) = archive.Source("debian", "postgresql-17", "17.14", ".tar.bz2", isThere: false);

        // Updates of the security archive are announced that it does not have yet, and its index has expired.
        archive.Publish("debian", TestArchive.Suite, probe, newer, Good);
        archive.Publish(
            "debian-security",
            TestArchive.Suite + "-security",
            archive.Package("debian-security", "pgha-probe", "2.0", isThere: false),
            "",
            -Good);
        var definition = new LabDefinition
        {
            ProjectDirectory = Path.Combine(folder, "project"),
            CacheDirectory = Path.Combine(folder, "cache"),
            Name = "pgham",
            Hosts = [new LabHost("probe", "10.0.12.9")],
            Prefix = 19,
            Mirror = archive.Main,
            SecurityMirror = archive.Security,
            Keyring = archive.Keyring,
            Packages = ["pgha-probe"],
            NewerSuites = [],
        };
        try
        {
            // The archive of the version is gone from the index, which names a newer one that is not there, and lies in the pool.
            var (versions, said) = await UpAsync(definition with { Postgres = new LabSource("17.12", asked) });
            Assert.Equal(("17.12", false), (versions.Postgres!.Version, versions.Postgres.IsOther));
            Assert.Contains(said, static line => line.Contains("incomplete today", StringComparison.Ordinal));
            Assert.Contains(
                said, static line => line.Contains("lags: its index of trixie-security was good until", StringComparison.Ordinal));
            Assert.Equal(0, await InstallAsync(definition, "pgha-probe"));

            // Neither what is asked for nor what the index names is there: the newest that is known of and can be had, said in a line.
            (versions, said) = await UpAsync(definition with
            {
                Postgres = new LabSource("17.14", absent)
                {
                    Known = new Dictionary<string, string> { ["17.11"] = known, ["17.12"] = asked, ["17.13"] = new('0', 64) },
                },
            });
            Assert.Equal(("17.12", true), (versions.Postgres!.Version, versions.Postgres.IsOther));
            Assert.Contains(said, static line => line.StartsWith("PostgreSQL 17.12 in place of 17.14", StringComparison.Ordinal));

            // An index that is older than the stack file. Its security archive is gone, and connections end in the middle of a file.
            archive.Remove("debian-security");
            archive.Publish("debian", TestArchive.Suite, probe + archive.Package("debian", "pgha-second", "1.0"), older, -Good);
            foreach (var cut in (int[])[100, 7, 3000, int.MaxValue])
            {
                archive.Cuts.Enqueue(cut);
            }

            (versions, _) = await UpAsync(definition with { Postgres = new LabSource("17.15", absent) });
            Assert.Equal("17.11", versions.Postgres!.Version);

            // A base image from before the mirror moved on: the host learns of what is new.
            var moved = definition with { Packages = ["pgha-probe", "pgha-second"], Postgres = new LabSource("17.12", asked) };
            await UpAsync(moved);
            Assert.Equal(0, await InstallAsync(moved, "pgha-second"));

            // All is cached: no mirror is asked.
            await new LabEnvironment(moved).DownAsync();
            archive.Stop();
            (versions, _) = await UpAsync(moved);
            Assert.Equal("17.12", versions.Postgres!.Version);
        }
        finally
        {
            await new LabEnvironment(definition).DownAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(LabVersions Versions, IReadOnlyList<string> Said)> UpAsync(LabDefinition definition)
    {
        var said = new Listener();
        await new LabEnvironment(definition, said).UpAsync();
        return (LabVersions.Read(LabPaths.VersionsOf(definition.ProjectDirectory))!, said.Lines);
    }

    private static Task<int> InstallAsync(LabDefinition definition, string package) => new LabEnvironment(definition).SshAsync(
        "probe", [$"sudo sh -c 'apt-get install -y {package} || {{ apt-get update && apt-get install -y {package}; }}'"]);

    private sealed class Listener : IProgress<LabProgress>
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public void Report(LabProgress value)
        {
            lock (_lines)
            {
                _lines.Add(value.Message);
                Console.WriteLine($"{value.Elapsed.TotalSeconds,7:0.0} s  {value.Message}");
            }
        }
    }
}
