namespace PostgresHa.Specification;

/// <summary>Finds the host key of each host: its own value, else the known_hosts file's.</summary>
internal sealed class HostKeySource
{
    private readonly Findings _findings;
    private readonly Func<string, string?>? _maker;
    private readonly string? _file;
    private readonly KnownHosts? _known;

    /// <param name="written">The known_hosts file as the stack file names it; null for none.</param>
    /// <param name="findings">Where errors go.</param>
    /// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
    /// <param name="maker">Says of a file that is not there what makes it.</param>
    public HostKeySource(string? written, Findings findings, string projectDirectory, Func<string, string?>? maker)
    {
        const string Key = "ssh.knownHostsFile";
        _findings = findings;
        _maker = maker;
        if (written is null)
        {
            return;
        }

        _file = ProjectPath.Resolve(written, projectDirectory);
        if (!File.Exists(_file))
        {
            _findings.Add(
                Key,
                written,
                $"does not exist ({_file})",
                _maker?.Invoke(_file) ?? "write the hosts' keys there, or give each host its hostKey");
            return;
        }

        try
        {
            _known = KnownHosts.Read(File.ReadLines(_file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _findings.Add(Key, written, $"cannot be read ({_file})", "make it readable for the user who runs this");
        }
    }

    /// <summary>Whether a known_hosts file is named but could not be read; then hosts are not blamed for a missing key.</summary>
    private bool FileFailed => _file is not null && _known is null;

    /// <summary>The key; empty when it is missing or wrong, which is then reported.</summary>
    /// <param name="path">Path of the host's own value.</param>
    /// <param name="stated">That value; empty for none.</param>
    /// <param name="address">The host's address.</param>
    /// <param name="port">Port of its sshd.</param>
    public string Find(string path, string stated, string address, int port)
    {
        var name = HostKeys.Name(address, port);
        if (stated.Length > 0)
        {
            if (HostKeys.Check(stated) is { } complaint)
            {
                _findings.Add(path, Scalars.Show(stated), complaint.Problem, complaint.Remedy);
                return "";
            }

            var normal = HostKeys.Normalise(stated);
            if (_known?.IsRevoked(name, normal) == true)
            {
                AddRevoked(path, Scalars.Show(stated));
                return "";
            }

            return normal;
        }

        if (_known?.Find(name) is { } found)
        {
            return found;
        }

        if (_findings.Good(path) && !FileFailed && address.Length > 0)
        {
            if (_known?.HasRevokedOnly(name) == true)
            {
                AddRevoked(path, null);
                return "";
            }

            _findings.Add(
                path,
                null,
                _file is null
                    ? "is missing, and there is no ssh.knownHostsFile"
                    : $"is missing, and {_file} has no ssh-ed25519 key of {name}, nor one of type ecdsa or rsa",
                (_file is null ? null : _maker?.Invoke(_file))
                    ?? "give ssh-ed25519 AAAA… from the host's /etc/ssh/ssh_host_ed25519_key.pub (where it has none, as in FIPS mode, "
                        + "its ssh_host_ecdsa_key.pub), here or in a known_hosts file");
        }

        return "";
    }

    private void AddRevoked(string path, string? value) =>
        _findings.Add(
            path,
            value,
            $"is a key that {_file} revokes",
            "have the host make new keys (ssh-keygen -A, once the old ones are removed), and give one of those");
}
