namespace PostgresHa.Lab;

/// <summary>Where the lab keeps things; the one place that knows.</summary>
public sealed class LabPaths
{
    private readonly LabDefinition _definition;

    /// <summary>Paths of the lab that <paramref name="definition"/> describes.</summary>
    public LabPaths(LabDefinition definition)
    {
        _definition = definition;
        Runtime = RuntimeOf(definition.ProjectDirectory);
    }

    /// <summary>The lab's runtime directory, <c>.lab/</c> in the project. Removed by <c>lab down</c>.</summary>
    public string Runtime { get; }

    /// <summary>Private key that opens every host (ed25519, no passphrase, mode 0600).</summary>
    public string SshKey => Path.Combine(Runtime, "ssh", "id_ed25519");

    /// <summary>Known-hosts file: one line <c>address ssh-ed25519 KEY</c> per host.</summary>
    public string KnownHosts => Path.Combine(Runtime, "ssh", "known_hosts");

    /// <summary>Random passphrase the state of the lab's stack is encrypted with (mode 0600).</summary>
    public string Passphrase => Path.Combine(Runtime, "passphrase");

    /// <summary>Logs: the console of each host, and of the package repository.</summary>
    public string Logs => Path.Combine(Runtime, "log");

    /// <summary>Artefacts built on the hosts, kept for the next lab.</summary>
    public string Artefacts => Path.Combine(Cache, "artefacts");

    /// <summary>What the lab was asked to be beyond what its stack says (<see cref="LabChoices"/>).</summary>
    public string Choices => Path.Combine(Runtime, "choices.json");

    /// <summary>Which versions the lab serves (<see cref="LabVersions"/>).</summary>
    public string Versions => VersionsOf(_definition.ProjectDirectory);

    /// <summary>Which versions the lab of a project serves, if it has one.</summary>
    /// <param name="projectDirectory">The project's folder.</param>
    public static string VersionsOf(string projectDirectory) => Path.Combine(RuntimeOf(projectDirectory), "versions.json");

    internal string Cache => _definition.CacheDirectory;

    internal string Sources => Path.Combine(Cache, "sources");

    /// <summary>The wheels that are served: for each release a link to its folder in the cache.</summary>
    internal string Wheels => Path.Combine(Runtime, "wheels.d");

    internal string Packages => Path.Combine(Cache, "archive");

    internal string Scripts => Path.Combine(Runtime, "scripts");

    internal string Server => Path.Combine(Runtime, "server");

    internal string Socket => Path.Combine(Runtime, "server", "http.sock");

    /// <summary>Which project the running lab belongs to: namespaces are the machine's, not the project's.</summary>
    internal string Owner => $"/run/{_definition.NetworkNamespace}.owner";

    internal string Lock => $"/run/{_definition.NetworkNamespace}.lock";

    internal string NamespaceFile => "/run/netns/" + _definition.NetworkNamespace;

    /// <summary>The folder of one host: its overlay's layers, its host key.</summary>
    public string Host(LabHost host) => Path.Combine(Hosts, host.Name);

    /// <summary>The root file system of one host, as the machine sees it while the host exists.</summary>
    public string Root(LabHost host) => Path.Combine(Host(host), "root");

    /// <summary>Console log of one host.</summary>
    public string ConsoleLog(LabHost host) => Path.Combine(Logs, host.Name + ".log");

    /// <summary>Folder of all hosts' folders.</summary>
    internal string Hosts => Path.Combine(Runtime, "hosts");

    /// <summary>File in a finished host's folder: the layers it was made from, and what it was made as.</summary>
    internal string Ready(LabHost host) => Path.Combine(Host(host), "ready");

    /// <summary>File in the folder of a host that is to be made anew, with another key.</summary>
    internal string Doomed(LabHost host) => Path.Combine(Host(host), "doomed");

    internal string Machine(LabHost host) => $"{_definition.Name}-{host.Name}";

    // A folder that links to another project's lab has that one, and whatever names its files must name them alike.
    private static string RuntimeOf(string projectDirectory)
    {
        var folder = Path.Combine(Path.GetFullPath(projectDirectory), ".lab");
        return Directory.Exists(folder) && new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true) is { } lab
            ? lab.FullName
            : folder;
    }
}
