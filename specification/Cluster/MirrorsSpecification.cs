namespace PostgresHa.Specification;

/// <summary>Base addresses of downloads; for closed networks point them to a mirror. None ends with a slash.</summary>
public sealed record MirrorsSpecification
{
    /// <summary>What stands for the version in an address of the stack file, so that a change of the version is one change.</summary>
    internal const string VersionPlace = "{version}";

    [Text("Folder of PostgreSQL's source archive `postgresql-VERSION.tar.bz2`.", Note = "the project's own")]
    public required string Postgres { get; init; }

    [Text("Whole address of etcd's source or release archive; `{version}` stands for `etcd.version`.", Note = "the project's own")]
    public required string Etcd { get; init; }

    [Text("Python package index (PEP 503).", Note = "pip's own")]
    public string? Pip { get; init; }

    [Text("Go module proxy.", Note = "Go's own; in the RHEL family, whose Go has none, each module's own repository")]
    public string? Go { get; init; }

    [Text("Folder of finished builds (`NAME.tar.gz` with `NAME.tar.gz.sha256`) looked at before anything is compiled.", Note = "none")]
    public string? Artefacts { get; init; }
}
