using System.Security.Cryptography;
using System.Text;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>What the lab serves and starts from: made from the mirror on the first run, taken from the cache on every later one.</summary>
internal sealed class Supplies(
    LabDefinition definition, LabPaths paths, Sandbox sandbox, RepositoryService repository, BaseImage image)
{
    /// <summary>Starts the repository and makes what is missing. When all is cached, needs no network and does not wait for it.</summary>
    public async Task EnsureAsync(Action<string> say, CancellationToken cancellation)
    {
        // One lab fills the cache, the other waits.
        Directory.CreateDirectory(paths.Cache);
        using var only = await WaitForTurnAsync(cancellation);
        await sandbox.ClearAsync(cancellation);
        var mirrors = new Mirrors(definition, paths);
        var known = mirrors.Known();
        if (known is null || !image.Exists)
        {
            known = await mirrors.FindAsync(cancellation);
            say("packages of " + definition.Suite + " from " + string.Join(", ", known.Archives.Values));
            ForgetIndexes();
        }

        await repository.EnsureAsync(known, cancellation);
        if (!image.Exists)
        {
            await repository.WaitAsync(cancellation);
            File.Delete(Stamp);
            await image.BuildAsync(sandbox, known, say, cancellation);
        }

        var wanted = Wanted();
        if (!File.Exists(Stamp) || (await File.ReadAllTextAsync(Stamp, cancellation)).Trim() != wanted)
        {
            await repository.WaitAsync(cancellation);
            var patroni = await new SourceArchives(definition, paths, sandbox, repository, image).FetchAsync(known, say, cancellation);
            await new WheelHouse(paths, sandbox, image).BuildAsync(patroni, say, cancellation);
            await AtomicFile.WriteAsync(Stamp, wanted + "\n", cancellation);
            await sandbox.ClearAsync(cancellation);
        }
    }

    private string Stamp => Path.Combine(paths.Cache, "supplies");

    /// <summary>What sources and wheels depend on; written down once they are all there.</summary>
    private string Wanted() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n',
        Path.GetFileName(image.Location),
        definition.PostgresVersion,
        definition.PostgresSha256,
        definition.EtcdVersion,
        definition.EtcdSha256,
        definition.PatroniVersion,
        Scripts.Text("wheels.sh"),
        Scripts.Text("wheels.py")))));

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

    private async Task<FileStream> WaitForTurnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (LabLock.TryTake(LockFile(paths)) is { } held)
            {
                return held;
            }

            await Task.Delay(200, cancellation);
        }
    }
}
