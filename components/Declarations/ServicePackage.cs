namespace PostgresHa.Components.Declarations;

/// <summary>A version that a host's package must have at least.</summary>
/// <param name="Version">The least upstream version.</param>
/// <param name="Key">
/// The configuration value that asks for it: what to change where a host's is older; null where nothing in the stack file does.
/// </param>
public sealed record LeastVersion(string Version, string? Key = null)
{
    /// <summary>What an older one does not do, for the preflight to remark; null (the default) where an older one is refused.</summary>
    public string? Lacks { get; init; }
}

/// <summary>A package of the distribution that a service needs on a host.</summary>
/// <param name="Name">Its name there.</param>
public sealed record ServicePackage(string Name)
{
    /// <summary>Whether its upgrade restarts the service: nothing may upgrade it by itself. Default false.</summary>
    public bool Restarts { get; init; }

    /// <summary>The versions it must have at least. Default: any will do.</summary>
    public IReadOnlyList<LeastVersion> Least { get; init; } = [];

    /// <summary>The repositories beside the system's own that have it, the likeliest first. Default none known.</summary>
    public IReadOnlyList<PackageRepository> Repositories { get; init; } = [];
}

/// <summary>A repository beside those that a system asks anyway; how each is enabled on which system, the preflight knows.</summary>
public enum PackageRepository
{
    /// <summary>Fedora's extra packages for the RHEL family.</summary>
    Epel,

    /// <summary>The PostgreSQL project's.</summary>
    Pgdg,

    /// <summary>
    /// The part of the PostgreSQL project's for the RHEL family that is disabled unless asked for, with etcd, haproxy and keepalived (the
    /// spec files of its repository package: <c>[pgdg-rhelN-extras]</c>).
    /// </summary>
    PgdgExtras,

    /// <summary>What is not needed to run but to build: powertools, CodeReady Builder.</summary>
    Crb,
}
