using System.Globalization;
using PostgresHa.Components.Building;
using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What the build of PostgreSQL comes to on a host: packages, options of the tools. Plain computing.</summary>
public static class PostgresFiles
{
    /// <summary>System user that runs PostgreSQL, Patroni and PgBouncer.</summary>
    public const string User = "postgres";

    // What every build needs: flag of configure (empty: always), package of the Debian family, package of the RHEL family. PostgreSQL's
    // own archive holds no generated parsers since version 17, hence bison, flex and perl.
    private static readonly (string Flag, string Debian, string Rhel)[] BuildRequirements =
    [
        ("", "gcc", "gcc"),
        ("", "libc6-dev", "glibc-devel"),
        ("", "make", "make"),
        ("", "bison", "bison"),
        ("", "flex", "flex"),
        ("", "perl", "perl"),
        ("", "binutils", "binutils"),
        ("", "bzip2", "bzip2"),
        ("", "diffutils", "diffutils"),
        ("", "pkgconf", "pkgconf-pkg-config"),
        ("", "libreadline-dev", "readline-devel"),
        ("", "zlib1g-dev", "zlib-devel"),
        ("--with-openssl", "libssl-dev", "openssl-devel"),
        ("--with-ssl", "libssl-dev", "openssl-devel"),
        ("--with-libxml", "libxml2-dev", "libxml2-devel"),
        ("--with-libxslt", "libxslt1-dev", "libxslt-devel"),
        ("--with-systemd", "libsystemd-dev", "systemd-devel"),
        ("--with-pam", "libpam0g-dev", "pam-devel"),
        ("--with-ldap", "libldap-dev", "openldap-devel"),
        ("--with-gssapi", "libkrb5-dev", "krb5-devel"),
        ("--with-lz4", "liblz4-dev", "lz4-devel"),
        ("--with-zstd", "libzstd-dev", "libzstd-devel"),
        ("--with-selinux", "libselinux1-dev", "libselinux-devel"),
        ("--with-uuid", "uuid-dev", "libuuid-devel"),
        ("--with-perl", "libperl-dev", "perl-devel"),
        ("--with-python", "python3-dev", "python3-devel"),
        ("--with-tcl", "tcl-dev", "tcl-devel"),
        ("--with-llvm", "llvm-dev clang", "llvm-devel clang"),
    ];

    /// <summary>Home directory of <see cref="User"/> where it has to be created.</summary>
    /// <param name="system">The host's system.</param>
    public static string Home(SystemFamily system) => system == SystemFamily.Debian ? "/var/lib/postgresql" : "/var/lib/pgsql";

    /// <summary>The packages needed to compile, on a host where that has to be done.</summary>
    /// <param name="postgres">PostgreSQL's part of the specification; its flags decide.</param>
    /// <param name="system">The host's system.</param>
    public static IReadOnlyList<string> BuildPackages(PostgresSpecification postgres, SystemFamily system)
    {
        bool Wanted(string flag) =>
            flag.Length == 0
            || postgres.ConfigureFlags.Any(given => given == flag || given.StartsWith(flag + "=", StringComparison.Ordinal))
            // ICU is on unless configure is told otherwise.
            || (flag == "--with-icu" && !postgres.ConfigureFlags.Contains("--without-icu"));

        return
        [
            .. BuildRequirements.Append(("--with-icu", "libicu-dev", "libicu-devel"))
                .Where(requirement => Wanted(requirement.Item1))
                .SelectMany(requirement => (system == SystemFamily.Debian ? requirement.Item2 : requirement.Item3).Split(' '))
                .Distinct(),
        ];
    }

    /// <summary>What a host compiles of it: PostgreSQL, where the plan says so.</summary>
    public static IEnumerable<SourceProgram> Compiles(ClusterSpecification cluster, HostSpecification host)
    {
        var postgres = cluster.Postgres;
        return BuildPlan.Builder(postgres.Build, cluster.Hosts, host).Name != host.Name ? []
            :
            [
                new SourceProgram(
                    "postgres",
                    postgres.Version,
                    $"{postgres.Prefix}-{postgres.Version}-*/.postgres-ha",
                    BuildPackages(postgres, host.System)),
            ];
    }

    /// <summary>The options that alone tell one build of PostgreSQL from another.</summary>
    public static IReadOnlyList<string> Recipe(PostgresSpecification postgres) =>
    [
        "--version", postgres.Version,
        "--sha256", postgres.Sha256,
        "--prefix", postgres.Prefix,
        "--flags", string.Join('\n', postgres.ConfigureFlags),
    ];

    /// <summary>Address of the source archive.</summary>
    public static string Source(ClusterSpecification cluster) =>
        $"{cluster.Mirrors.Postgres}/postgresql-{cluster.Postgres.Version}.tar.bz2";

    /// <summary>The options of the tools postgres-build and postgres-install on a host.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static IReadOnlyList<string> Options(ClusterSpecification cluster, HostSpecification host)
    {
        var postgres = cluster.Postgres;
        List<string> options =
        [
            "--version", postgres.Version,
            "--sha256", postgres.Sha256,
            "--source", Source(cluster),
            "--prefix", postgres.Prefix,
            "--cores", host.Cores.ToString(CultureInfo.InvariantCulture),
            "--packages", string.Join(' ', BuildPackages(postgres, host.System)),
            "--flags", string.Join('\n', postgres.ConfigureFlags),
        ];
        if (cluster.Mirrors.Artefacts is { } artefacts)
        {
            options.AddRange(["--artefacts", artefacts]);
        }

        return options;
    }

    /// <summary>Whether a host opens the port on which it hands out what it has built.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static bool Serves(ClusterSpecification cluster, HostSpecification host) =>
        BuildPlan.Serves(cluster.Postgres.Build, cluster.Hosts, host);
}
