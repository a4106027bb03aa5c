using System.Text;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>What the lab's repository does when the mirror moves on beneath it.</summary>
public sealed class ArchiveCacheTests : IDisposable
{
    private const string Release = "/dists/trixie/InRelease";
    private readonly FaultyServer _server = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("pgha-test-").FullName;
    private readonly ArchiveCache _cache;

    public ArchiveCacheTests() => _cache = new ArchiveCache(Settings(_server));

    private RepositorySettings Settings(params FaultyServer[] mirrors) => new()
    {
        Socket = "",
        Archives = new Dictionary<string, IReadOnlyList<string>>
        {
            ["debian"] = [.. mirrors.Select(static mirror => mirror.At("").ToString())],
        },
        Packages = _folder,
        Sources = "",
        Wheels = "",
        Artefacts = "",
        Build = "",
    };

    [Fact]
    public async Task What_was_fetched_once_needs_no_mirror()
    {
        _server.Files["/pool/a.deb"] = "!<arch>\na"u8.ToArray();
        var file = await FindAsync("pool/a.deb");
        _server.Files.Clear();
        Assert.Equal(file, await FindAsync("pool/a.deb"));
        Assert.Single(_server.Starts);
    }

    // One mirror has the one release, another one the other.
    [Fact]
    public async Task What_the_first_mirror_lacks_comes_from_the_second()
    {
        using var second = new FaultyServer();
        using var cache = new ArchiveCache(Settings(_server, second));
        _server.Files["/pool/a.deb"] = "!<arch>\na"u8.ToArray();
        second.Files["/pool/a.deb"] = "!<arch>\nnot asked"u8.ToArray();
        second.Files["/pool/b.deb"] = "!<arch>\nb"u8.ToArray();
        Assert.Equal("!<arch>\na", await File.ReadAllTextAsync((await cache.FindAsync("debian", "pool/a.deb", default))!));
        Assert.Equal("!<arch>\nb", await File.ReadAllTextAsync((await cache.FindAsync("debian", "pool/b.deb", default))!));
        Assert.Null(await cache.FindAsync("debian", "pool/c.deb", default));
    }

    [Fact]
    public async Task An_index_whose_package_is_gone_gives_way_to_the_mirrors_newer_one()
    {
        var before = await IndexAsync("yesterday");
        _server.Files[Release] = Index("today");
        Assert.Null(await FindAsync("pool/of-yesterday.deb"));
        Assert.False(File.Exists(before));
        Assert.Equal(Index("today"), await File.ReadAllBytesAsync((await FindAsync(Release[1..]))!));
    }

    [Fact]
    public async Task So_does_one_whose_parts_are_gone_and_their_absence_is_not_remembered()
    {
        await IndexAsync("yesterday");
        _server.Files[Release] = Index("today");
        Assert.Null(await FindAsync("dists/trixie/main/source/by-hash/SHA256/aa"));
        _server.Files["/dists/trixie/main/source/by-hash/SHA256/aa"] = [1];
        Assert.NotNull(await FindAsync("dists/trixie/main/source/by-hash/SHA256/aa"));
    }

    [Fact]
    public async Task An_index_that_is_still_the_mirrors_own_is_kept_though_a_package_of_it_is_missing()
    {
        var before = await IndexAsync("today");
        Assert.Null(await FindAsync("pool/not-there-yet.deb"));
        Assert.True(File.Exists(before));
        _server.Files["/pool/not-there-yet.deb"] = "!<arch>\n"u8.ToArray();
        Assert.NotNull(await FindAsync("pool/not-there-yet.deb"));
    }

    [Fact]
    public async Task A_mirror_that_is_gone_costs_no_index()
    {
        var before = await IndexAsync("yesterday");
        _server.Files.Clear();
        Assert.Null(await FindAsync("pool/any.deb"));
        Assert.True(File.Exists(before));
    }

    public void Dispose()
    {
        _cache.Dispose();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> IndexAsync(string day)
    {
        _server.Files[Release] = Index(day);
        return (await FindAsync(Release[1..]))!;
    }

    private Task<string?> FindAsync(string path) => _cache.FindAsync("debian", path, CancellationToken.None);

    private static byte[] Index(string day) => Encoding.ASCII.GetBytes("-----BEGIN PGP SIGNED MESSAGE-----\n\nDate: " + day);
}
