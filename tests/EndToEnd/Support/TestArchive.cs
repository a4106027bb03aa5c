using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PostgresHa.Tests.Cli.Lab;

namespace PostgresHa.EndToEnd.Support;

/// <summary>
/// A package archive on the loopback address, signed with a key of its own: the distribution's packages, which the running lab's cache
/// has, and a few more. Its index says what the test wants it to say.
/// </summary>
internal sealed class TestArchive : IDisposable
{
    public const string Suite = "trixie";

    // Not below /tmp, which is a booted host's own: the keyring lies at the same place there.
    private readonly string _folder = Directory.CreateDirectory($"/var/tmp/pgha-archive-{Guid.NewGuid():N}").FullName;
    private readonly FaultyServer _server = new();
    private readonly HttpClient _lab;
    private readonly string _packages;

    /// <param name="socket">The running lab's repository.</param>
    public TestArchive(string socket)
    {
        _lab = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://lab/") };
        _server.Otherwise = path =>
            path.StartsWith("/debian/pool/", StringComparison.Ordinal) && !path.Contains("pgha", StringComparison.Ordinal)
                ? OfLab(path[1..])
                : null;
        Run("gpg", "--quick-generate-key", "archive of a test", "ed25519", "sign", "never");
        File.WriteAllBytes(Keyring, RunFor("gpg", "--export"));
        var release = Encoding.UTF8.GetString(OfLab($"debian/dists/{Suite}/InRelease")!);
        var sum = Regex.Match(
            release, @"^ ([0-9a-f]{64}) +\d+ main/binary-" + Architecture + @"/Packages\.xz$", RegexOptions.Multiline).Groups[1].Value;
        var packed = Path.Combine(_folder, "Packages.xz");
        File.WriteAllBytes(packed, OfLab($"debian/dists/{Suite}/main/binary-{Architecture}/by-hash/SHA256/{sum}")!);
        _packages = Encoding.UTF8.GetString(RunFor("xz", "-dc", packed)).TrimEnd('\n') + "\n\n";
    }

    public static string Architecture { get; } =
        RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    public string Keyring => Path.Combine(_folder, "keyring.gpg");

    public string Main => _server.At("/debian").ToString();

    public string Security => _server.At("/debian-security").ToString();

    /// <summary>Of how many bytes the next connections live.</summary>
    public Queue<int> Cuts => _server.Cuts;

    /// <summary>Paths of a pool, and what lies there.</summary>
    public Dictionary<string, byte[]> Files => _server.Files;

    /// <summary>Publishes an index.</summary>
    /// <param name="archive"><c>debian</c>, <c>debian-security</c>.</param>
    /// <param name="suite">The release.</param>
    /// <param name="packages">Stanzas of packages, beside the distribution's own in the release itself.</param>
    /// <param name="sources">Stanzas of source packages.</param>
    /// <param name="validFor">How long it is good for; negative: it has expired.</param>
    public void Publish(string archive, string suite, string packages, string sources, TimeSpan validFor)
    {
        var parts = new Dictionary<string, byte[]>();
        foreach (var (name, text) in ((string, string)[])
            [
                ($"main/binary-{Architecture}/Packages", (suite == Suite ? _packages : "") + packages),
                ("main/source/Sources", sources),
            ])
        {
            parts[name] = Encoding.UTF8.GetBytes(text);
            parts[name + ".gz"] = Packed(parts[name]);
        }

        var release = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"Origin: Debian\nSuite: {suite}\nCodename: {suite}\nDate: {DateTime.UtcNow.AddDays(-30):R}\nValid-Until: "
            + $"{DateTime.UtcNow + validFor:R}\nArchitectures: {Architecture}\nComponents: main\nSHA256:\n"));
        foreach (var (name, content) in parts)
        {
            release.Append(CultureInfo.InvariantCulture, $" {Sum(content)} {content.Length} {name}\n");
            Files[$"/{archive}/dists/{suite}/{name}"] = content;
        }

        var file = Path.Combine(_folder, "Release");
        File.WriteAllText(file, release.ToString());
        Files[$"/{archive}/dists/{suite}/InRelease"] = RunFor("gpg", "--clearsign", "--output", "-", file);
    }

    /// <summary>A package without content.</summary>
    /// <returns>Its stanza in an index.</returns>
    public string Package(string archive, string name, string version, bool isThere = true)
    {
        var tree = Path.Combine(_folder, "tree");
        Directory.CreateDirectory(Path.Combine(tree, "DEBIAN"));
        var control = $"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: a test <test@localhost>\nDescription: of "
            + "a test\n";
        File.WriteAllText(Path.Combine(tree, "DEBIAN", "control"), control);
        var file = Path.Combine(_folder, "package.deb");
        RunFor("dpkg-deb", "--build", "--root-owner-group", tree, file);
        var content = File.ReadAllBytes(file);
        var path = $"pool/main/p/{name}/{name}_{version}_all.deb";
        if (isThere)
        {
            Files[$"/{archive}/{path}"] = content;
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{control}Filename: {path}\nSize: {content.Length}\nSHA256: {Sum(content)}\n\n");
    }

    /// <summary>A source package with an archive of the authors'.</summary>
    /// <returns>Its stanza in an index, and the archive's checksum.</returns>
    public (string Stanza, string Sha256) Source(string archive, string name, string version, string extension, bool isThere = true)
    {
        var content = Encoding.UTF8.GetBytes(extension == ".tar.bz2" ? $"BZh{name} {version}" : $"\u001f{name} {version}");
        content = extension == ".tar.bz2" ? content : Packed(content);
        var (directory, file) = ($"pool/main/{name[..1]}/{name}", $"{name}_{version}.orig{extension}");
        if (isThere)
        {
            Files[$"/{archive}/{directory}/{file}"] = content;
        }

        return (string.Create(CultureInfo.InvariantCulture,
            $"Package: {name}\nBinary: {name}\nVersion: {version}-1\nMaintainer: a test <test@localhost>\nArchitecture: any\nFormat: 3.0 "
            + $"(quilt)\nDirectory: {directory}\nChecksums-Sha256:\n {Sum(content)} {content.Length} {file}\n\n"), Sum(content));
    }

    /// <summary>Takes an archive away.</summary>
    public void Remove(string archive)
    {
        foreach (var path in Files.Keys.Where(path => path.StartsWith($"/{archive}/", StringComparison.Ordinal)).ToList())
        {
            Files.Remove(path);
        }
    }

    /// <summary>Stops answering.</summary>
    public void Stop() => _server.Dispose();

    public void Dispose()
    {
        _server.Dispose();
        _lab.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private byte[]? OfLab(string path)
    {
        using var answer = _lab.Send(new HttpRequestMessage(HttpMethod.Get, path));
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        using var content = new MemoryStream();
        answer.Content.ReadAsStream().CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Packed(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var packer = new GZipStream(stream, CompressionLevel.Fastest))
        {
            packer.Write(content);
        }

        return stream.ToArray();
    }

    private static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private void Run(string program, params string[] arguments) => RunFor(program, arguments);

    private byte[] RunFor(string program, params string[] arguments)
    {
        string[] quiet = program == "gpg" ? ["--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", ""] : [];
        var info = new System.Diagnostics.ProcessStartInfo(program, [.. quiet, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["GNUPGHOME"] = Directory.CreateDirectory(
            Path.Combine(_folder, "gnupg"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        using var process = System.Diagnostics.Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
    }
}
