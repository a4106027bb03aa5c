using System.Security.Cryptography;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>
/// The sources served under <c>/sources/</c>, by the names their authors publish them under: the original archives of the distribution's
/// source packages, proven by its signed index.
/// </summary>
internal sealed class SourceArchives(LabDefinition definition, LabPaths paths, Sandbox sandbox, RepositoryService repository, BaseImage image)
{
    private const string Postgres = "postgresql-17";

    /// <summary>Fetches the archives of the wanted versions.</summary>
    /// <returns>The archive of Patroni's source.</returns>
    public async Task<string> FetchAsync(MirrorSet mirrors, Action<string> say, CancellationToken cancellation)
    {
        var packages = SourcePackage.Parse(await ListAsync(mirrors, cancellation));
        var postgres = SourcePackage.Select(packages, Postgres, definition.PostgresVersion, "postgres.version");
        var etcd = SourcePackage.Select(packages, "etcd", definition.EtcdVersion, "etcd.version");
        var patroni = SourcePackage.Select(packages, "patroni", definition.PatroniVersion, "patroni.version");
        Compare(postgres, definition.PostgresSha256, "postgres");
        Compare(etcd, definition.EtcdSha256, "etcd");

        Directory.CreateDirectory(paths.Sources);
        await FetchAsync(mirrors, postgres, postgres.Original, $"postgresql-{postgres.UpstreamVersion}", say, cancellation);
        await FetchAsync(mirrors, etcd, etcd.Original, $"etcd-{etcd.UpstreamVersion}", say, cancellation);

        // etcd as its authors publish it wants Go libraries of the versions they chose; with the distribution's it needs these patches.
        await FetchAsync(mirrors, etcd, etcd.Packaging ?? etcd.Original, $"etcd-{etcd.UpstreamVersion}.debian", say, cancellation);
        return await FetchAsync(mirrors, patroni, patroni.Original, $"patroni-{patroni.UpstreamVersion}", say, cancellation);
    }

    private async Task<string> ListAsync(MirrorSet mirrors, CancellationToken cancellation)
    {
        using var work = new WorkFolder(paths.Cache);
        var environment = new Dictionary<string, string>
        {
            ["LAB_BASE"] = image.Location,
            ["LAB_WORK"] = work.Path,
            ["LAB_APT_SOURCES"] = image.Sources(mirrors, "deb deb-src"),
            ["LAB_SOURCE_PACKAGES"] = Postgres + " etcd patroni",
        };
        return await Command.RequireAsync(
            sandbox.Wrap(["bash", Path.Combine(paths.Scripts, "sources.sh")]),
            TimeSpan.FromMinutes(5),
            environment,
            cancellation: cancellation);
    }

    private async Task<string> FetchAsync(
        MirrorSet mirrors, SourcePackage package, SourceFile file, string name, Action<string> say, CancellationToken cancellation)
    {
        var target = Path.Combine(paths.Sources, name + file.Name[file.Name.IndexOf(".tar.", StringComparison.Ordinal)..]);
        if (File.Exists(target) && await ChecksumAsync(target, cancellation) == file.Sha256)
        {
            return target;
        }

        var temporary = AtomicFile.Temporary(target);
        try
        {
            foreach (var archive in mirrors.Archives.Keys)
            {
                // The index does not say which of the archives the directory is in.
                if (await repository.DownloadAsync($"{archive}/{package.Directory}/{file.Name}", temporary, cancellation)
                    && await ChecksumAsync(temporary, cancellation) == file.Sha256)
                {
                    File.Move(temporary, target, overwrite: true);
                    say("source " + Path.GetFileName(target));
                    return target;
                }
            }
        }
        finally
        {
            File.Delete(temporary);
        }

        throw new LabException(
            $"{file.Name} of {package.Name} {package.Version} cannot be had from {string.Join(", ", mirrors.Archives.Values)}. "
            + $"If the mirror has moved on, remove {image.Location} and try again");
    }

    private static void Compare(SourcePackage package, string? expected, string path)
    {
        if (expected is not null && !string.Equals(expected, package.Original.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new LabException(
                $"{path}: the stack's checksum of version {package.UpstreamVersion} is {expected}, the distribution's index says {package.Original.Sha256}. "
                + "Correct the stack file");
        }
    }

    private static async Task<string> ChecksumAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
