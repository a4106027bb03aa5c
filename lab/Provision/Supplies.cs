using System.Globalization;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>What the lab serves and starts from: made from the mirror on the first run, taken from the cache on every later one.</summary>
internal sealed class Supplies(
    LabDefinition definition, LabPaths paths, Sandbox sandbox, RepositoryService repository, BaseImage image, MachineImage machines, LibraryProof proof)
{
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // Whether a mirror has by now what it lacked when it was asked is looked up this often.
    private static readonly TimeSpan SecondLook = TimeSpan.FromDays(1);

    private readonly Mirrors mirrors = new(definition, paths);
    private readonly WheelHouse wheels = new(paths, sandbox, image);

    /// <summary>Starts the repository and makes what is missing. When all is cached, needs no network and does not wait for it.</summary>
    /// <returns>The versions that are served.</returns>
    public async Task<LabVersions> EnsureAsync(Action<string> say, CancellationToken cancellation)
    {
        // One lab fills the cache, the other waits.
        Directory.CreateDirectory(paths.Cache);
        using var only = await WaitForTurnAsync(say, cancellation);
        await sandbox.ClearAsync(cancellation);
        var served = mirrors.Known();
        var taken = Taken();
        if (served is null || !image.Exists || !File.Exists(PackagesStamp) || taken is null || IsDue(taken))
        {
            served = await FindAsync(served, say, cancellation);
        }

        await repository.EnsureAsync(served, cancellation);
        if (!image.Exists || !await HasPackagesAsync(say, cancellation))
        {
            await repository.WaitAsync(cancellation);
            await image.BuildAsync(sandbox, served, say, cancellation);
            await AtomicFile.WriteAsync(PackagesStamp, string.Empty, cancellation);
            taken = Taken();
        }

        if (taken is null || IsDue(taken))
        {
            taken = await TakeAsync(served, taken, say, cancellation);
        }

        await LinkWheelsAsync(taken, say, cancellation);
        foreach (var difference in taken.Differences())
        {
            say(difference);
        }

        if (definition.Hosts.Any(host => host.IsVirtualMachine) && !machines.Exists)
        {
            await repository.WaitAsync(cancellation);
            await machines.BuildAsync(sandbox, repository, served, say, cancellation);
            await sandbox.ClearAsync(cancellation);
        }

        return taken;
    }

    /// <summary>What was had for what this definition asks for.</summary>
    private string VersionsFile => Path.Combine(paths.Cache, "versions-" + Fingerprint.Of(
        [definition.Suite, .. ((LabSource?[])[definition.Postgres, definition.Etcd, definition.Patroni]).SelectMany(static source => (string?[])[source?.Version, source?.Sha256])]) + ".json");

    /// <summary>Written once the hosts' packages are all in the cache.</summary>
    private string PackagesStamp => Path.Combine(paths.Cache, "packages-" + Fingerprint.Of([image.Location, .. definition.Packages]));

    // As far as what was had is still there.
    private LabVersions? Taken() =>
        LabVersions.Read(VersionsFile) is { } taken
        && SourceArchives.Files(paths, taken).All(File.Exists)
        && (taken.Etcd?.LibrariesSuite is null || LibraryProof.Files(definition, paths, image, taken) is not null)
        && (taken.Patroni is null || Directory.Exists(wheels.Location(SourceArchives.Patroni(paths, taken.Patroni)))) ? taken : null;

    private bool IsDue(LabVersions taken) => taken.Differences().Any() && DateTime.UtcNow - File.GetLastWriteTimeUtc(VersionsFile) > SecondLook;

    // A mirror that cannot be reached is no reason to give up what was had from it.
    private async Task<MirrorSet> FindAsync(MirrorSet? known, Action<string> say, CancellationToken cancellation)
    {
        try
        {
            var found = await mirrors.FindAsync(say, cancellation);
            say("packages of " + definition.Suite + " from " + string.Join(", ", found.Archives.Values));
            ForgetIndexes();
            return found;
        }
        catch (LabException error) when (known is not null && image.Exists)
        {
            say(error.Message.Split('\n')[0] + "; going on with what is cached");
            return known;
        }
    }

    private async Task<LabVersions> TakeAsync(MirrorSet served, LabVersions? before, Action<string> say, CancellationToken cancellation)
    {
        try
        {
            var taken = await new SourceArchives(definition, paths, sandbox, repository, image, proof).TakeAsync(served, say, cancellation);
            await taken.WriteAsync(VersionsFile, cancellation);
            return taken;
        }
        catch (LabException error) when (before is not null)
        {
            say(error.Message.Split('\n')[0] + "; going on with what is cached");
            return before;
        }
        finally
        {
            await sandbox.ClearAsync(cancellation);
        }
    }

    private async Task<bool> HasPackagesAsync(Action<string> say, CancellationToken cancellation)
    {
        if (File.Exists(PackagesStamp))
        {
            return true;
        }

        await repository.WaitAsync(cancellation);
        say("packages that the hosts will ask for");
        using var work = new WorkFolder(paths.Cache);
        var environment = new Dictionary<string, string>
        {
            ["LAB_BASE"] = image.Location,
            ["LAB_WORK"] = work.Path,
            ["LAB_PACKAGES"] = string.Join(' ', definition.Packages),
        };
        var result = await Command.RunAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, "packages.sh")]), TimeSpan.FromMinutes(10), environment, cancellation: cancellation);
        if (result.ExitCode == 0)
        {
            await AtomicFile.WriteAsync(PackagesStamp, string.Empty, cancellation);
            return true;
        }

        say("the packages cannot all be had as the base image knows them: it is made anew");
        return false;
    }

    // The repository serves one place, whichever Patroni lies there.
    private async Task LinkWheelsAsync(LabVersions taken, Action<string> say, CancellationToken cancellation)
    {
        var patroni = SourceArchives.Patroni(paths, taken.Patroni);
        var location = wheels.Location(patroni);
        if (patroni is not null && !Directory.Exists(location))
        {
            await repository.WaitAsync(cancellation);
            await wheels.BuildAsync(patroni, say, cancellation);
            await sandbox.ClearAsync(cancellation);
        }

        await Command.RequireAsync(["ln", "-sfnT", location, paths.Wheels], cancellation: cancellation);
    }

    /// <summary>Ends what a killed command still makes. Whatever another lab is making goes on.</summary>
    public static async Task AbandonAsync(LabPaths paths, Sandbox sandbox, CancellationToken cancellation)
    {
        if (!Directory.Exists(paths.Cache) || LabLock.TryTake(LockFile(paths)) is not { } only)
        {
            return;
        }

        using (only)
        {
            await sandbox.ClearAsync(cancellation);
        }
    }

    private static string LockFile(LabPaths paths) => Path.Combine(paths.Cache, "lock");

    private void ForgetIndexes()
    {
        foreach (var archive in Directory.Exists(paths.Packages) ? Directory.GetDirectories(paths.Packages) : [])
        {
            if (Directory.Exists(Path.Combine(archive, "dists")))
            {
                Directory.Delete(Path.Combine(archive, "dists"), recursive: true);
            }
        }
    }

    private async Task<FileStream> WaitForTurnAsync(Action<string> say, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < TurnLimit; waited += Pause)
        {
            if (LabLock.TryTake(LockFile(paths)) is { } held)
            {
                return held;
            }

            if (waited == TimeSpan.Zero)
            {
                say("waiting for another lab that fills the cache");
            }

            await Task.Delay(Pause, cancellation);
        }

        throw new LabException(string.Create(
            CultureInfo.InvariantCulture, $"another lab has been filling the cache for {TurnLimit.TotalMinutes:0} minutes ({LockFile(paths)})"));
    }
}
