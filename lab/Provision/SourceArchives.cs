using System.Security.Cryptography;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab.Provision;

/// <summary>
/// The sources served under <c>/sources/</c>, by the names their authors publish them under: the original archives of the distribution's
/// source packages, proven by its signed index or by a known checksum.
/// </summary>
internal sealed class SourceArchives(
    LabDefinition definition, LabPaths paths, Sandbox sandbox, RepositoryService repository, Images images, LibraryProof proof)
{
    private IReadOnlyList<SourcePackage>? _indexed;

    /// <summary>Where Patroni is kept, in whichever form it was had; null when none is.</summary>
    public static string? Patroni(LabPaths paths, LabVersion? version) => version is null
        ? null
        : ((string[])[".tar.gz", ".deb"]).Select(extension => Path.Combine(paths.Sources, $"patroni-{version.Version}{extension}"))
            .FirstOrDefault(File.Exists);

    /// <summary>The files that versions are served from.</summary>
    public static IEnumerable<string> Files(LabPaths paths, LabVersions versions) =>
        ((string?[])
        [
            versions.Postgres is { } postgres ? $"postgresql-{postgres.Version}.tar.bz2" : null,
            versions.Etcd is { } etcd ? $"etcd-{etcd.Version}.tar.gz" : null,
            versions.Etcd is { PatchesSha256: not null } patched ? $"etcd-{patched.Version}.debian.tar.xz" : null,
            versions.Patroni is { } patroni ? Path.GetFileName(Patroni(paths, patroni)) ?? $"patroni-{patroni.Version}" : null,
        ]).OfType<string>().Select(name => Path.Combine(paths.Sources, name));

    /// <summary>Fetches the archives of the wanted versions, or of those that come next.</summary>
    /// <returns>What was had.</returns>
    /// <exception cref="LabException">Of a program no version of its series can be had.</exception>
    public async Task<LabVersions> TakeAsync(IReadOnlyList<MirrorSet> mirrors, Action<string> say, CancellationToken cancellation)
    {
        Directory.CreateDirectory(paths.Sources);
        var postgres = definition.Postgres is not { } one ? null : await TakeAsync(
            mirrors, "postgresql-" + one.Version.Split('.')[0], "postgresql", one, 1, ".tar.bz2", static (_, _) => Task.FromResult(true),
            say, cancellation);
        var patroni = definition.Patroni is not { } two ? null : await TakeAsync(
            mirrors, "patroni", "patroni", two, 1, ".tar.gz", static (_, _) => Task.FromResult(true), say, cancellation);
        var etcd = definition.Etcd is not { } three ? null : await TakeAsync(
            mirrors, "etcd", "etcd", three, 2, ".tar.gz",
            (offer, archive) => FitsAsync(mirrors, offer, archive, patroni, say, cancellation), say, cancellation);
        return new LabVersions(postgres, etcd, patroni);
    }

    private async Task<LabVersion> TakeAsync(
        IReadOnlyList<MirrorSet> mirrors, string package, string name, LabSource asked, int numbers, string extension,
        Func<SourceOffer, string, Task<bool>> fits, Action<string> say, CancellationToken cancellation)
    {
        IReadOnlyList<SourcePackage> remembered = [.. RememberedPackages.Of(package), .. RememberedPackages.Of(package, extension, asked)];

        // What can be named without an index is not looked for in one.
        var refused = new HashSet<SourceOffer>();
        foreach (var known in (bool[])[true, false])
        {
            var names = known ? [] : await ListAsync(mirrors, say, cancellation);
            foreach (var offer in SourceOffers.Of(asked, numbers, names, remembered)
                .Where(offer => !known || offer.Version == asked.Version))
            {
                if (refused.Add(offer) && await FetchAsync(mirrors, offer.Package, offer.File, name, say, cancellation) is { } archive
                    && await fits(offer, archive))
                {
                    return new LabVersion(asked.Version, offer.Version, offer.File == offer.Package.Original ? offer.File.Sha256 : null)
                    {
                        PatchesSha256 = offer.Package.Packaging?.Sha256,
                        LibrariesSuite = images.Bases.All(image => image.IsOwn(offer.Package.Suite)) ? null : offer.Package.Suite,
                    };
                }
            }
        }

        throw new LabException(
            $"no version of {name} in the series of {asked.Version} can be had from "
            + $"{string.Join(", ", mirrors.SelectMany(static set => set.Archives.Values).Distinct())}. "
            + "Name a mirror that has one in the apt configuration of this machine, or try again when this one is in step");
    }

    // etcd as its authors publish it wants Go libraries of the versions they chose; with the distribution's it needs the distribution's
    // patches.
    private async Task<bool> FitsAsync(
        IReadOnlyList<MirrorSet> mirrors,
        SourceOffer offer,
        string archive,
        LabVersion? patroni,
        Action<string> say,
        CancellationToken cancellation)
    {
        if (patroni is not null && definition.Conflict(offer.Version, patroni.Version) is { } conflict)
        {
            say($"etcd {offer.Version} is left out: {conflict}");
            return false;
        }

        if (offer.Package.Packaging is not { } packaging
            || await FetchAsync(mirrors, offer.Package, packaging, "etcd", say, cancellation) is not { } patches)
        {
            return false;
        }

        foreach (var image in images.Bases)
        {
            if (!image.IsOwn(offer.Package.Suite)
                && !await proof.CompilesAsync(image, offer.Version, archive, patches, offer.Package.Suite!, say, cancellation))
            {
                return false;
            }
        }

        return true;
    }

    // A mirror may lack any of the releases; the lab takes what the others name.
    private async Task<IReadOnlyList<SourcePackage>> ListAsync(
        IReadOnlyList<MirrorSet> mirrors, Action<string> say, CancellationToken cancellation)
    {
        if (_indexed is null)
        {
            say("looking for sources in the mirror's indexes");
            await repository.WaitAsync(cancellation);
            using var work = new WorkFolder(paths.Cache);
            var environment = new Dictionary<string, string>
            {
                ["LAB_BASE"] = images.Bases[0].Location,
                ["LAB_WORK"] = work.Path,
                ["LAB_SUITES"] = string.Join(' ', Suites(mirrors).Select(entry => $"{entry.Archive}:{entry.Suite}")),
                ["LAB_GATEWAY"] = definition.Gateway,
                ["LAB_KEYRING"] = definition.Keyring,
                ["LAB_SOURCE_PACKAGES"] = string.Join(
                    ' ',
                    ((string?[])
                    [
                        definition.Postgres is { } source ? "postgresql-" + source.Version.Split('.')[0] : null, "etcd", "patroni",
                    ]).OfType<string>()),
                ["LAB_BINARY_PACKAGES"] = "patroni",
            };
            _indexed = SourcePackage.Parse(await Command.RequireAsync(
                sandbox.Wrap(["bash", Path.Combine(paths.Scripts, "sources.sh")]), TimeSpan.FromMinutes(5), environment,
                cancellation: cancellation));
        }

        return _indexed;
    }

    private IEnumerable<(string Archive, string Suite)> Suites(IReadOnlyList<MirrorSet> mirrors) =>
        mirrors.SelectMany(static set => set.Suites).SelectMany(static archive => archive.Value.Select(suite => (archive.Key, suite)))
            .Concat(MirrorSet.Newer(definition, mirrors).Select(static suite => ("debian", suite)));

    // The index does not say which of the archives the file is in, and without one nobody does.
    private async Task<string?> FetchAsync(
        IReadOnlyList<MirrorSet> mirrors, SourcePackage package, SourceFile file, string name, Action<string> say,
        CancellationToken cancellation)
    {
        var target = Path.Combine(
            paths.Sources,
            $"{name}-{package.UpstreamVersion}{(file == package.Packaging ? ".debian" : string.Empty)}{Extension(file.Name)}");
        if (File.Exists(target) && await ChecksumAsync(target, cancellation) == file.Sha256)
        {
            return target;
        }

        await repository.WaitAsync(cancellation);
        var temporary = AtomicFile.Temporary(target);
        try
        {
            foreach (var path in mirrors.SelectMany(static set => set.Archives.Keys).Distinct()
                .SelectMany(archive => package.Folders.Select(folder => $"{archive}/{folder}/{file.Name}")))
            {
                if (!await repository.DownloadAsync(path, temporary, cancellation))
                {
                    continue;
                }

                if (await ChecksumAsync(temporary, cancellation) == file.Sha256)
                {
                    File.Move(temporary, target, overwrite: true);
                    say("source " + Path.GetFileName(target));
                    return target;
                }

                // Whoever asks for it again shall not get what is wrong from the cache.
                File.Delete(Path.Combine(paths.Packages, path));
            }
        }
        finally
        {
            File.Delete(temporary);
        }

        return null;
    }

    private static string Extension(string name) =>
        name.IndexOf(".tar.", StringComparison.Ordinal) is > 0 and var at ? name[at..] : Path.GetExtension(name);

    private static async Task<string> ChecksumAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
