using System.Security.Cryptography;

namespace PostgresHa.Lab;

/// <summary>The keys the lab generates: one that opens all hosts, one that each host is known by, and the state's passphrase.</summary>
internal sealed class Keys(LabDefinition definition, LabPaths paths)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Generates what is missing; what is there stays.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(paths.Runtime, "ssh"));
        await EnsureKeyAsync(paths.SshKey, "ed25519", definition.User + "@lab", cancellation);
        var known = new List<string>();
        foreach (var host in definition.Hosts)
        {
            var key = HostKey(host);
            Directory.CreateDirectory(Path.GetDirectoryName(key)!);
            await EnsureKeyAsync(key, Kind(host), host.Name, cancellation);
            known.Add(host.Address + " " + string.Join(' ', PublicPart(key).Split(' ').Take(2)));
        }

        await AtomicFile.WriteAsync(paths.KnownHosts, string.Join('\n', known) + "\n", cancellation);
        if (!File.Exists(paths.Passphrase))
        {
            await AtomicFile.WriteAsync(
                paths.Passphrase, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n", cancellation, OwnerOnly);
        }
    }

    /// <summary>Private host key of one host.</summary>
    public string HostKey(LabHost host) => Path.Combine(paths.Runtime, "ssh", "hosts", host.Name, $"ssh_host_{Kind(host)}_key");

    /// <summary>The public half of a private key's file.</summary>
    public static string PublicPart(string key) => File.ReadAllText(key + ".pub").Trim();

    // Where only what FIPS 140 allows may be used there are no ed25519 keys; the last host is an older one still.
    private string Kind(LabHost host) => !definition.IsStrict ? "ed25519" : host.Name == definition.Hosts[^1].Name ? "rsa" : "ecdsa";

    private static async Task EnsureKeyAsync(string path, string kind, string comment, CancellationToken cancellation)
    {
        if (File.Exists(path) && File.Exists(path + ".pub"))
        {
            return;
        }

        // An interrupted run may have left one half; the generator would ask before it overwrites it.
        File.Delete(path);
        File.Delete(path + ".pub");
        await Command.RequireAsync(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", comment, "-f", path], cancellation: cancellation);
    }
}
