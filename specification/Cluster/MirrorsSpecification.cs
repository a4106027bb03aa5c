namespace PostgresHa.Specification;

/// <summary>Base addresses of downloads; for closed networks point them to a mirror. None ends with a slash.</summary>
public sealed record MirrorsSpecification
{
    /// <summary>What stands for the version in an address of the stack file, so that a change of the version is one change.</summary>
    internal const string VersionPlace = "{version}";

    /// <summary>
    /// Folder of PostgreSQL's source archive <c>postgresql-VERSION.tar.bz2</c>. Default the project's <c>…/pub/source/vVERSION</c>.
    /// </summary>
    public required string Postgres { get; init; }

    /// <summary>Whole address of etcd's source or release archive. Default the project's archive of the tag, or release.</summary>
    public required string Etcd { get; init; }

    /// <summary>Python package index (PEP 503), also for pip itself; null: pip's own default.</summary>
    public string? Pip { get; init; }

    /// <summary>Go module proxy; null: Go's own default.</summary>
    public string? Go { get; init; }

    /// <summary>Folder of finished builds (<c>NAME.tar.gz</c> with <c>NAME.tar.gz.sha256</c>) looked at before anything is compiled; null for none.</summary>
    public string? Artefacts { get; init; }
}
