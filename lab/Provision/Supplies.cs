using System.Globalization;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>What the lab serves and starts from: made from the mirror on the first run, taken from the cache on every later one.</summary>
internal sealed class Supplies(
    LabDefinition definition, LabPaths paths, Sandbox sandbox, RepositoryService repository, BaseImage image, MachineImage machines)
{
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Starts the repository and makes what is missing. When all is cached, needs no network and does not wait for it.</summary>
    public async Task EnsureAsync(Action<string> say, CancellationToken cancellation)
    {
        // One lab fills the cache, the other waits.
        Directory.CreateDirectory(paths.Cache);
        using var only = await WaitForTurnAsync(say, cancellation);
        await sandbox.ClearAsync(cancellation);
        var mirrors = new Mirrors(definition, paths);
        var known = mirrors.Known();
        if (known is null || !image.Exists)
        {
            known = await mirrors.FindAsync(cancellation);
            say("packages of " + definition.Suite + " from " + string.Join(", ", known.Archives.Values));
            ForgetIndexes();
        }

        var wheels = new WheelHouse(definition, paths, sandbox, image);
        await repository.EnsureAsync(known, wheels.Location, cancellation);
        if (!image.Exists)
        {
            await repository.WaitAsync(cancellation);
            Forget();
            await image.BuildAsync(sandbox, known, say, cancellation);
        }

        if (!File.Exists(SourcesStamp) || !wheels.Exists)
        {
            await repository.WaitAsync(cancellation);
            var patroni = await new SourceArchives(definition, paths, sandbox, repository, image).FetchAsync(known, say, cancellation);
            if (!wheels.Exists)
            {
                await wheels.BuildAsync(patroni, say, cancellation);
            }

            await AtomicFile.WriteAsync(SourcesStamp, string.Empty, cancellation);
            await sandbox.ClearAsync(cancellation);
        }

        if (definition.Hosts.Any(host => host.IsVirtualMachine) && !machines.Exists)
        {
            await repository.WaitAsync(cancellation);
            await machines.BuildAsync(sandbox, repository, known, say, cancellation);
            await sandbox.ClearAsync(cancellation);
        }
    }

    /// <summary>Written once the sources this definition asks for are all there and have been compared with its checksums.</summary>
    private string SourcesStamp => Path.Combine(paths.Cache, "sources-" + Fingerprint.Of(
        image.Location, definition.PostgresVersion, definition.PostgresSha256, definition.EtcdVersion, definition.EtcdSha256, definition.PatroniVersion));

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

    /// <summary>A new image is made from the mirror's newest state, and everything after it from that same state.</summary>
    private void Forget()
    {
        foreach (var folder in (IEnumerable<string>)[.. Directory.GetDirectories(paths.Cache, "wheels-*"), .. Directory.GetDirectories(paths.Cache, "vm-*")])
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var stamp in Directory.GetFiles(paths.Cache, "sources-*"))
        {
            File.Delete(stamp);
        }
    }

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
