using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>
/// The one place that knows which repositories, beside those that a system asks anyway, have a package or a newer one. How each is enabled on which system, the
/// preflight knows by the name.
/// </summary>
public static class PackageOrigins
{
    // Fedora's extra packages for the RHEL family.
    private const string Epel = "epel";

    // The PostgreSQL project's, and its part that is disabled unless asked for.
    private const string Project = "pgdg", ProjectExtras = "pgdg-extras";

    // What is not needed to run but to build: powertools, CodeReady Builder.
    private const string Builder = "crb";

    /// <summary>The repositories to ask for a package, the likeliest first; empty where none is known.</summary>
    /// <param name="system">The host's system.</param>
    /// <param name="package">The package.</param>
    /// <remarks>Sources: EPEL's and the PostgreSQL project's own lists; for the latter, which has <c>[pgdg-rhelN-extras]</c> with etcd, haproxy and keepalived, the spec files of its packages.</remarks>
    public static IReadOnlyList<string> Of(SystemFamily system, string package) => (system, package) switch
    {
        (SystemFamily.Rhel, PgBouncerFiles.Package) => [Epel, Project],
        (SystemFamily.Rhel, "patroni" or "patroni-etcd") => [Project],
        (SystemFamily.Rhel, "etcd" or "haproxy" or "keepalived") => [ProjectExtras],
        (SystemFamily.Rhel, _) => package.EndsWith("-devel", StringComparison.Ordinal) ? [Builder] : [],
        (SystemFamily.Debian, PgBouncerFiles.Package or "patroni") => [Project],
        _ => [],
    };
}
