using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>PostgreSQL's checksum, configure flags and names.</summary>
internal static partial class PostgresRules
{
    private static readonly string[] ReservedDatabases =
    [
        "postgres", "template0", "template1", "pgbouncer", "all", "sameuser", "samerole", "replication",
    ];

    private static readonly string[] ReservedRoles =
        ["postgres", "replicator", "rewind", "pgbouncer", "patroni", "public", "none", "all", "user", "current_user",
            "session_user", "current_role"];

    private static readonly string[] OwnedFlags =
    [
        "--prefix", "--exec-prefix", "--bindir", "--sbindir", "--libdir", "--includedir", "--datadir", "--datarootdir", "--sysconfdir",
        "--localstatedir", "--with-pgport",
    ];

    public static void Check(ClusterSpecification draft, Findings findings)
    {
        var postgres = draft.Postgres;
        CheckChecksum("postgres.sha256", postgres.Sha256, findings);
        if (postgres.Sha256.Length == 0 && findings.Good("postgres.sha256", "postgres.version"))
        {
            findings.Add(
                "postgres.sha256",
                null,
                $"is missing, and the checksum of version {postgres.Version} is not known here",
                $"give the SHA-256 of postgresql-{postgres.Version}.tar.bz2, which the PostgreSQL project publishes beside it");
        }

        CheckFlags(postgres, findings);
        Reserved("postgres.database", postgres.Database, ReservedDatabases, "database", findings);
        Reserved("postgres.owner", postgres.Owner, ReservedRoles, "role", findings);
        CheckConnections(draft, findings);
    }

    /// <summary>Refuses a checksum that has the form of one and is none.</summary>
    public static void CheckChecksum(string path, string? checksum, Findings findings)
    {
        const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        if (!string.IsNullOrEmpty(checksum) && findings.Good(path) && (checksum == OfNothing || checksum.Distinct().Count() == 1))
        {
            findings.Add(
                path,
                Scalars.Show(checksum),
                checksum == OfNothing ? "is the checksum of an empty file" : "is a placeholder, not a checksum",
                "give the SHA-256 of the archive as 64 hexadecimal digits");
        }
    }

    private static void CheckFlags(PostgresSpecification postgres, Findings findings)
    {
        for (var i = 0; i < postgres.ConfigureFlags.Count; i++)
        {
            var flag = postgres.ConfigureFlags[i];
            var path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"postgres.configureFlags[{i}]");
            if (!Flag().IsMatch(flag))
            {
                findings.Add(
                    path,
                    Scalars.Show(flag),
                    "is not an option of configure",
                    "write one option per entry, beginning with --, without spaces or quotes");
            }
            else if (OwnedFlags.Contains(flag.Split('=')[0], StringComparer.Ordinal))
            {
                findings.Add(
                    path,
                    flag,
                    "is set from other values",
                    flag.StartsWith("--with-pgport", StringComparison.Ordinal) ? "use ports.postgres" : "use postgres.prefix");
            }
        }
    }

    private static void Reserved(string path, string name, string[] reserved, string what, Findings findings)
    {
        if (findings.Good(path) && (reserved.Contains(name, StringComparer.Ordinal) || name.StartsWith("pg_", StringComparison.Ordinal)))
        {
            findings.Add(path, name, $"is a reserved name for a {what}", $"choose another, for instance {KeyTable.Example(path)}");
        }
    }

    private static void CheckConnections(ClusterSpecification draft, Findings findings)
    {
        // Beside clients: superuser_reserved_connections, Patroni's own, PgBouncer's look-ups, pg_rewind and an administrator.
        const int Own = 10;
        var max = draft.Postgres.MaxConnections;
        Limit("haproxy.serverMaxConnections", draft.HAProxy.ServerMaxConnections);
        Limit("pgbouncer.maxDatabaseConnections", draft.PgBouncer.MaxDatabaseConnections);

        void Limit(string path, int value)
        {
            if (findings.Good(path, "postgres.maxConnections") && value > max - Own)
            {
                findings.Add(
                    path,
                    value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"is more than PostgreSQL has for clients (postgres.maxConnections {max}, less {Own} for the cluster itself)"),
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"set it to at most {max - Own}, or postgres.maxConnections to at least {value + Own}"));
            }
        }
    }

    [GeneratedRegex("^--[a-z0-9][A-Za-z0-9_-]*(=[A-Za-z0-9_=./:,+-]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Flag();
}
