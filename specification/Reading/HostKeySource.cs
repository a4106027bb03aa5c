namespace PostgresHa.Specification;

/// <summary>Finds the host key of each host: its own value, else the known_hosts file's.</summary>
internal sealed class HostKeySource
{
    private readonly Values values;
    private readonly string projectDirectory;
    private readonly string? file;
    private readonly KnownHosts? known;

    public HostKeySource(Values values, string projectDirectory)
    {
        this.values = values;
        this.projectDirectory = projectDirectory;
        if (values.ReadOptional(Keys.SshKnownHostsFile) is not { } written)
        {
            return;
        }

        file = ProjectPath.Resolve(written, projectDirectory);
        if (!File.Exists(file))
        {
            values.Add(Keys.SshKnownHostsFile.Path, written, $"does not exist ({file})", ProjectPath.MissingRemedy(file, projectDirectory, "write the hosts' keys there, or give each host its hostKey"));
            return;
        }

        try
        {
            known = KnownHosts.Read(File.ReadLines(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            values.Add(Keys.SshKnownHostsFile.Path, written, $"cannot be read ({file})", "make it readable for the user who runs this");
        }
    }

    /// <summary>Whether a known_hosts file is named but could not be read; then hosts are not blamed for a missing key.</summary>
    private bool FileFailed => file is not null && known is null;

    /// <summary>The key; empty when it is missing or wrong, which is then reported.</summary>
    public string Read(Key<string> key, int? index, string address, int port)
    {
        string path = index is { } number ? key.At(number) : key.Path;
        string name = HostKeys.Name(address, port);
        if (values.TryRead(key, index, out string stated))
        {
            if (HostKeys.Check(stated) is { } complaint)
            {
                values.Add(path, Scalars.Show(stated), complaint.Problem, complaint.Remedy);
                return "";
            }

            string normal = HostKeys.Normalise(stated);
            if (known?.IsRevoked(name, normal) == true)
            {
                AddRevoked(path, Scalars.Show(stated));
                return "";
            }

            return normal;
        }

        if (known?.Find(name) is { } found)
        {
            return found;
        }

        if (values.Good(path) && !FileFailed && address.Length > 0)
        {
            if (known?.HasRevokedOnly(name) == true)
            {
                AddRevoked(path, null);
                return "";
            }

            values.Add(
                path,
                null,
                file is null ? "is missing, and there is no ssh.knownHostsFile" : $"is missing, and {file} has no ssh-ed25519 key of {name}, nor one of type ecdsa or rsa",
                file is not null && ProjectPath.IsOfLab(file, projectDirectory)
                    ? "run ./pgha lab up, which writes it"
                    : "give ssh-ed25519 AAAA… from the host's /etc/ssh/ssh_host_ed25519_key.pub (where it has none, as in FIPS mode, its ssh_host_ecdsa_key.pub), here or in a known_hosts file");
        }

        return "";
    }

    private void AddRevoked(string path, string? value) =>
        values.Add(path, value, $"is a key that {file} revokes", "have the host make new keys (ssh-keygen -A, once the old ones are removed), and give one of those");
}
