using System.Text;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>Downloads from a mirror that misbehaves.</summary>
public sealed class MirrorClientTests : IDisposable
{
    private readonly FaultyServer _server = new();
    private readonly MirrorClient _client = new(pause: TimeSpan.FromMilliseconds(1));
    private readonly string _folder = Directory.CreateTempSubdirectory("pgha-test-").FullName;

    private string Target => Path.Combine(_folder, "file");

    [Fact]
    public async Task A_connection_that_is_cut_in_the_middle_is_taken_up_where_it_ended()
    {
        var content = Content(10_000);
        _server.Files["/pool/some.deb"] = content;
        _server.Cuts.Enqueue(3_000);
        _server.Cuts.Enqueue(2_000);
        _server.Cuts.Enqueue(int.MaxValue);
        Assert.True(await _client.DownloadAsync(_server.At("/pool/some.deb"), Target, CancellationToken.None));
        Assert.Equal(content, await File.ReadAllBytesAsync(Target));
        Assert.Equal([0L, 3_000L, 5_000L], _server.Starts);
    }

    [Fact]
    public async Task One_that_is_cut_every_time_fails_and_leaves_nothing_behind()
    {
        _server.Files["/pool/some.deb"] = Content(10_000);
        _server.Cuts.Enqueue(0);
        await Assert.ThrowsAsync<HttpRequestException>(
            () => _client.DownloadAsync(_server.At("/pool/some.deb"), Target, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task What_the_mirror_does_not_have_is_no_error()
    {
        Assert.False(await _client.DownloadAsync(_server.At("/pool/other.deb"), Target, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("/pool/some.deb")]
    [InlineData("/dists/trixie/InRelease")]
    [InlineData("/dists/trixie/main/source/Sources.xz")]
    [InlineData("/pool/some.orig.tar.bz2")]
    [InlineData("/pool/some.orig.tar.gz")]
    public async Task A_page_that_asks_for_a_login_is_not_taken_for_the_file(string path)
    {
        _server.Files[path] = Encoding.ASCII.GetBytes("<html>please log in</html>");
        var error = await Assert.ThrowsAsync<HttpRequestException>(
            () => _client.DownloadAsync(_server.At(path), Target, CancellationToken.None));
        Assert.Contains("no such file", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        "!<arch>\n"u8.CopyTo(content);
        return content;
    }
}
