using System.Security.Cryptography;

namespace PostgresHa.Lab;

/// <summary>The keys the lab generates: one that opens all hosts, one that each host is known by, and the state's passphrase.</summary>
internal sealed class Keys(LabDefinition definition, LabPaths paths)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Generates what is missing; what is there stays, but for the key of a host that is to be made anew.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(paths.Runtime, "ssh"));
        await EnsureKeyAsync(paths.SshKey, "ed25519", definition.User + "@lab", cancellation);
        foreach (var host in definition.Hosts)
        {
            if (File.Exists(paths.Doomed(host)))
            {
                Forget(host);
            }

            var key = HostKey(host);
            Directory.CreateDirectory(Path.GetDirectoryName(key)!);
            await EnsureKeyAsync(key, Kind(host), host.Name, cancellation);
        }

        // What takes a host out of the cluster dials it when the definition does not name it any more.
        var known = definition.Hosts.Concat(FormerHosts.Of(definition, paths)).Where(host => File.Exists(HostKey(host) + ".pub"))
            .Select(host => host.Address + " " + string.Join(' ', PublicPart(HostKey(host)).Split(' ').Take(2)));

        await AtomicFile.WriteAsync(paths.KnownHosts, string.Join('\n', known) + "\n", cancellation);
        if (!File.Exists(paths.Passphrase))
        {
            await AtomicFile.WriteAsync(
                paths.Passphrase, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n", cancellation, OwnerOnly);
        }
    }

    /// <summary>Private host key of one host.</summary>
    public string HostKey(LabHost host) => Path.Combine(Folder(host), $"ssh_host_{Kind(host)}_key");

    /// <summary>Forgets a host's key: the next one that is made under its name is another host to whoever knows the old one.</summary>
    public void Forget(LabHost host)
    {
        if (Directory.Exists(Folder(host)))
        {
            Directory.Delete(Folder(host), recursive: true);
        }
    }

    /// <summary>The public half of a private key's file.</summary>
    public static string PublicPart(string key) => File.ReadAllText(key + ".pub").Trim();

    // Where only what FIPS 140 allows may be used there are no ed25519 keys; the last host is an older one still.
    // A host keeps the kind it has: it need not stay the last.
    private string Kind(LabHost host) => !definition.IsStrict ? "ed25519"
        : File.Exists(Path.Combine(Folder(host), "ssh_host_rsa_key")) ? "rsa"
        : File.Exists(Path.Combine(Folder(host), "ssh_host_ecdsa_key")) ? "ecdsa"
        : host.Name == definition.Hosts[^1].Name ? "rsa" : "ecdsa";

    private string Folder(LabHost host) => Path.Combine(paths.Runtime, "ssh", "hosts", host.Name);

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
