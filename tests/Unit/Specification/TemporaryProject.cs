namespace PostgresHa.Tests.Unit.Specification;

/// <summary>A project folder that is gone after the test.</summary>
internal sealed class TemporaryProject : IDisposable
{
    public const string HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    /// <summary>A private key in OpenSSH's format, whole as far as can be seen without opening it.</summary>
    public const string PrivateKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB\n"
        + "-----END OPENSSH PRIVATE KEY-----\n";

    public string Folder { get; } = Directory.CreateTempSubdirectory("pgha-test-").FullName;

    public TemporaryProject Write(string path, string content)
    {
        var full = Path.Join(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return this;
    }

    /// <summary>The files the lab makes.</summary>
    public TemporaryProject WithLab(params string[] addresses) => this
        .Write(".lab/ssh/id_ed25519", PrivateKey)
        .Write(".lab/ssh/known_hosts", string.Concat(addresses.Select(address => $"{address} {HostKey}\n")));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
