namespace PostgresHa.Specification;

/// <summary>Finds the host key of each host: its own value, else the known_hosts file's.</summary>
internal sealed class HostKeySource
{
    private readonly Values values;
    private readonly string projectDirectory;
    private readonly string? file;
    private readonly Dictionary<string, string>? known;

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

        known = HostKeys.ReadKnownHosts(File.ReadLines(file));
    }

    /// <summary>Whether a known_hosts file is named but could not be read; then hosts are not blamed for a missing key.</summary>
    private bool FileFailed => file is not null && known is null;

    /// <summary>The key; empty when it is missing or wrong, which is then reported.</summary>
    public string Read(Key<string> key, int? index, string address, int port)
    {
        string path = index is { } number ? key.At(number) : key.Path;
        if (values.TryRead(key, index, out string stated))
        {
            if (HostKeys.Check(stated) is { } complaint)
            {
                values.Add(path, Scalars.Show(stated), complaint.Problem, complaint.Remedy);
                return "";
            }

            return HostKeys.Normalise(stated);
        }

        string name = HostKeys.Name(address, port);
        if (known is not null && known.TryGetValue(name, out string? found))
        {
            return found;
        }

        if (values.Good(path) && !FileFailed && address.Length > 0)
        {
            values.Add(
                path,
                null,
                file is null ? "is missing, and there is no ssh.knownHostsFile" : $"is missing, and {file} has no ssh-ed25519 key of {name}",
                file is not null && ProjectPath.IsOfLab(file, projectDirectory)
                    ? "run ./pgha lab up, which writes it"
                    : "give ssh-ed25519 AAAA… from the host's /etc/ssh/ssh_host_ed25519_key.pub, here or in a known_hosts file");
        }

        return "";
    }
}
