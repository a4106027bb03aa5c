using PostgresHa.Components.Declarations;
using Pulumi;

namespace PostgresHa.Components.Remote;

/// <summary>The files that a service declares for a host.</summary>
public sealed class RemoteFiles
{
    private readonly ServiceDeclaration _declaration;
    private readonly Host _host;
    private readonly Resource _parent;
    private readonly Func<string, Output<string>?>? _content;
    private readonly Dictionary<string, RemoteFile> _files = new(StringComparer.Ordinal);
    private readonly List<RemoteFile> _others = [];

    /// <summary>Registers those files.</summary>
    /// <param name="declaration">The service.</param>
    /// <param name="host">The host.</param>
    /// <param name="parent">The component they belong to.</param>
    /// <param name="dependsOn">
    /// By a file's name what must exist before it, besides the host and the files it needs. Default nothing.
    /// </param>
    /// <param name="later">The name of a file that is left out: <see cref="Add"/> registers it. Default none.</param>
    /// <param name="content">By a file's name its content, where that is known only when hosts have answered. Default none is.</param>
    public RemoteFiles(
        ServiceDeclaration declaration,
        Host host,
        Resource parent,
        Func<string, IEnumerable<Resource>>? dependsOn = null,
        string? later = null,
        Func<string, Output<string>?>? content = null)
    {
        (_declaration, _host, _parent, _content) = (declaration, host, parent, content);
        foreach (var file in declaration.Files(host.Cluster, host.Specification).Where(file => file.Name != later))
        {
            Register(file, dependsOn?.Invoke(file.Name) ?? []);
        }
    }

    /// <summary>A file by its name.</summary>
    /// <param name="name">The name.</param>
    public RemoteFile this[string name] => _files[name];

    /// <summary>Those that are registered by now, and those of others that the service reads.</summary>
    public IReadOnlyCollection<RemoteFile> All => [.. _files.Values, .. _others];

    /// <summary>Counts another service's files in: this service reads them as well, and their change asks of it what they say.</summary>
    /// <param name="others">The files, of the same host.</param>
    public void Include(RemoteFiles others) => _others.AddRange(others.All);

    /// <summary>Counts another service's file in.</summary>
    /// <param name="other">The file, of the same host.</param>
    public void Include(RemoteFile other) => _others.Add(other);

    /// <summary>Registers the file that was left out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dependsOn">What must exist before it, besides the host.</param>
    public RemoteFile Add(string name, params IEnumerable<Resource> dependsOn) =>
        Register(_declaration.Files(_host.Cluster, _host.Specification).First(file => file.Name == name), dependsOn);

    private RemoteFile Register(HostFile file, IEnumerable<Resource> dependsOn) => _files[file.Name] = new RemoteFile(
        _declaration.Name,
        _host,
        file,
        _content?.Invoke(file.Name),
        _parent,
        [.. dependsOn, .. file.Needs.Select(name => _files[name].Resource)]);
}
