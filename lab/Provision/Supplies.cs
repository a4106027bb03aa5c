using System.Globalization;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>What the lab serves and starts from: made from the mirror on the first run, taken from the cache on every later one.</summary>
internal sealed class Supplies(
    LabDefinition definition, LabPaths paths, Sandbox sandbox, RepositoryService repository, Images images, LibraryProof proof)
{
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // Whether a mirror has by now what it lacked when it was asked is looked up this often.
    private static readonly TimeSpan SecondLook = TimeSpan.FromDays(1);

    /// <summary>Starts the repository and makes what is missing. When all is cached, needs no network and does not wait for it.</summary>
    /// <returns>The versions that are served.</returns>
    public async Task<LabVersions> EnsureAsync(Action<string> say, CancellationToken cancellation)
    {
        // One lab fills the cache, the other waits.
        Directory.CreateDirectory(paths.Cache);
        using var only = await WaitForTurnAsync(say, cancellation);
        await sandbox.ClearAsync(cancellation);
        var known = images.Bases.Select(image => new Mirrors(definition, paths, image.Release).Known()).ToList();
        var taken = Taken();
        var served = known.All(static set => set is not null)
            && images.Bases.All(image => image.Exists && File.Exists(PackagesStamp(image)))
            && taken is not null && !IsDue(taken) ? [.. known.OfType<MirrorSet>()] : await FindAsync(known, say, cancellation);

        await repository.EnsureAsync(served, cancellation);
        foreach (var (image, set) in images.Bases.Zip(served))
        {
            if (!image.Exists || !await HasPackagesAsync(image, say, cancellation))
            {
                await repository.WaitAsync(cancellation);
                await image.BuildAsync(sandbox, set, say, cancellation);
                await AtomicFile.WriteAsync(PackagesStamp(image), string.Empty, cancellation);
                taken = Taken();
            }
        }

        if (taken is null || IsDue(taken))
        {
            taken = await TakeAsync(served, taken, say, cancellation);
        }

        await LinkWheelsAsync(taken, served, say, cancellation);
        foreach (var difference in taken.Differences())
        {
            say(difference);
        }

        foreach (var host in definition.Hosts.Where(host => definition.IsStrict && !images.Strict(host).Exists))
        {
            await images.Strict(host).BuildAsync(sandbox, repository, say, cancellation);
            await sandbox.ClearAsync(cancellation);
        }

        foreach (var host in definition.Hosts.Where(host => host.IsVirtualMachine && !images.Machine(host).Exists))
        {
            await repository.WaitAsync(cancellation);
            await images.Machine(host)
                .BuildAsync(sandbox, repository, served[images.Bases.ToList().IndexOf(images.Base(host))], say, cancellation);
            await sandbox.ClearAsync(cancellation);
        }

        return taken;
    }

    /// <summary>What was had for what this definition asks for.</summary>
    private string VersionsFile => Path.Combine(paths.Cache, "versions-" + Fingerprint.Of(
    [
        string.Join(' ', definition.Releases.Order(StringComparer.Ordinal)),
        .. ((LabSource?[])[definition.Postgres, definition.Etcd, definition.Patroni])
        .SelectMany(static source => (string?[])[source?.Version, source?.Sha256]),
    ]) + ".json");

    /// <summary>Written once the hosts' packages are all in the cache.</summary>
    private string PackagesStamp(BaseImage image) =>
        Path.Combine(paths.Cache, "packages-" + Fingerprint.Of([image.Location, .. definition.Packages]));

    private WheelHouse Wheels(BaseImage image) => new(definition, paths, sandbox, image);

    // As far as what was had is still there.
    private LabVersions? Taken() =>
        LabVersions.Read(VersionsFile) is { } taken
        && SourceArchives.Files(paths, taken).All(File.Exists)
        && images.Bases.All(image => LibraryProof.IsComplete(definition, paths, image, taken)
            && (taken.Patroni is null
                || Directory.Exists(Wheels(image).Location(SourceArchives.Patroni(paths, taken.Patroni))))) ? taken : null;

    private bool IsDue(LabVersions taken) =>
        taken.Differences().Any() && DateTime.UtcNow - File.GetLastWriteTimeUtc(VersionsFile) > SecondLook;

    // A mirror that cannot be reached is no reason to give up what was had from it.
    private async Task<IReadOnlyList<MirrorSet>> FindAsync(
        IReadOnlyList<MirrorSet?> known, Action<string> say, CancellationToken cancellation)
    {
        var sets = new List<MirrorSet>();
        foreach (var (image, before) in images.Bases.Zip(known))
        {
            try
            {
                var found = await new Mirrors(definition, paths, image.Release).FindAsync(say, cancellation);
                say("packages of " + image.Release + " from " + string.Join(", ", found.Archives.Values));
                sets.Add(found);
            }
            catch (LabException error) when (before is not null && image.Exists)
            {
                say(error.Message.Split('\n')[0] + "; going on with what is cached");
                sets.Add(before);
                continue;
            }

            ForgetIndexes();
        }

        return sets;
    }

    private async Task<LabVersions> TakeAsync(
        IReadOnlyList<MirrorSet> served, LabVersions? before, Action<string> say, CancellationToken cancellation)
    {
        try
        {
            var taken = await new SourceArchives(definition, paths, sandbox, repository, images, proof)
                .TakeAsync(served, say, cancellation);
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

    private async Task<bool> HasPackagesAsync(BaseImage image, Action<string> say, CancellationToken cancellation)
    {
        if (File.Exists(PackagesStamp(image)))
        {
            return true;
        }

        await repository.WaitAsync(cancellation);
        say($"packages that the hosts of {image.Release} will ask for");
        using var work = new WorkFolder(paths.Cache);
        var environment = new Dictionary<string, string>
        {
            ["LAB_BASE"] = image.Location,
            ["LAB_WORK"] = work.Path,
            ["LAB_PACKAGES"] = string.Join(' ', definition.Packages),
        };
        var result = await Command.RunAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, "packages.sh")]), TimeSpan.FromMinutes(10), environment,
            cancellation: cancellation);
        if (result.ExitCode == 0)
        {
            await AtomicFile.WriteAsync(PackagesStamp(image), string.Empty, cancellation);
            return true;
        }

        say($"the packages cannot all be had as the base image of {image.Release} knows them: it is made anew");
        return false;
    }

    // The repository serves one place, whichever Patroni and whatever releases it is for.
    private async Task LinkWheelsAsync(
        LabVersions taken, IReadOnlyList<MirrorSet> served, Action<string> say, CancellationToken cancellation)
    {
        // A lab of an earlier program has a link here, to a folder of the cache.
        if (new FileInfo(paths.Wheels).LinkTarget is not null)
        {
            File.Delete(paths.Wheels);
        }

        Directory.CreateDirectory(paths.Wheels);
        foreach (var former in Directory.GetFileSystemEntries(paths.Wheels)
            .Where(link => !definition.Releases.Contains(Path.GetFileName(link))))
        {
            File.Delete(former);
        }

        var patroni = SourceArchives.Patroni(paths, taken.Patroni);
        foreach (var (image, set) in images.Bases.Zip(served))
        {
            var location = Wheels(image).Location(patroni);
            if (patroni is not null && !Directory.Exists(location))
            {
                await repository.WaitAsync(cancellation);
                await Wheels(image).BuildAsync(patroni, MirrorSet.Newer(definition, [set]), say, cancellation);
                await sandbox.ClearAsync(cancellation);
            }

            await Command.RequireAsync(["ln", "-sfnT", location, Path.Combine(paths.Wheels, image.Release)], cancellation: cancellation);
        }
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
        var held = LabLock.TryTake(LockFile(paths));
        if (held is null)
        {
            say("waiting for another lab that fills the cache");
            await Wait.UntilAsync(() => (held = LabLock.TryTake(LockFile(paths))) is not null, TurnLimit, Pause, cancellation);
        }

        return held ?? throw new LabException(string.Create(
            CultureInfo.InvariantCulture,
            $"another lab has been filling the cache for {TurnLimit.TotalMinutes:0} minutes ({LockFile(paths)})"));
    }
}
