using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>PostgreSQL's checksum, configure flags and names.</summary>
internal static partial class PostgresRules
{
    private static readonly string[] ReservedDatabases = ["postgres", "template0", "template1", "pgbouncer", "all", "sameuser", "samerole", "replication"];

    private static readonly string[] ReservedRoles =
        ["postgres", "replicator", "rewind", "pgbouncer", "patroni", "public", "none", "all", "user", "current_user", "session_user", "current_role"];

    private static readonly string[] OwnedFlags =
    [
        "--prefix", "--exec-prefix", "--bindir", "--sbindir", "--libdir", "--includedir", "--datadir", "--datarootdir", "--sysconfdir", "--localstatedir", "--with-pgport",
    ];

    public static void Check(ClusterSpecification draft, Values values)
    {
        PostgresSpecification postgres = draft.Postgres;
        CheckChecksum(Keys.PostgresSha256.Path, postgres.Sha256, values);
        if (postgres.Sha256.Length == 0 && values.Good(Keys.PostgresSha256.Path, Keys.PostgresVersion.Path))
        {
            values.Add(
                Keys.PostgresSha256.Path,
                null,
                $"is missing, and the checksum of version {postgres.Version} is not known here",
                $"give the SHA-256 of postgresql-{postgres.Version}.tar.bz2, which the PostgreSQL project publishes beside it");
        }

        CheckFlags(postgres, values);
        Reserved(Keys.PostgresDatabase, postgres.Database, ReservedDatabases, "database", values);
        Reserved(Keys.PostgresOwner, postgres.Owner, ReservedRoles, "role", values);
        CheckConnections(draft, values);
    }

    /// <summary>Refuses a checksum that has the form of one and is none.</summary>
    public static void CheckChecksum(string path, string? checksum, Values values)
    {
        const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        if (!string.IsNullOrEmpty(checksum) && values.Good(path) && (checksum == OfNothing || checksum.Distinct().Count() == 1))
        {
            values.Add(
                path,
                Scalars.Show(checksum),
                checksum == OfNothing ? "is the checksum of an empty file" : "is a placeholder, no checksum",
                "give the SHA-256 of the archive as 64 hexadecimal digits");
        }
    }

    private static void CheckFlags(PostgresSpecification postgres, Values values)
    {
        for (int i = 0; i < postgres.ConfigureFlags.Count; i++)
        {
            string flag = postgres.ConfigureFlags[i];
            string path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Keys.PostgresConfigureFlags.Path}[{i}]");
            if (!Flag().IsMatch(flag))
            {
                values.Add(path, Scalars.Show(flag), "is no option of configure", "write one option per entry, beginning with --, without spaces or quotes");
            }
            else if (OwnedFlags.Contains(flag.Split('=')[0], StringComparer.Ordinal))
            {
                values.Add(path, flag, "is set from other values", flag.StartsWith("--with-pgport", StringComparison.Ordinal) ? "use ports.postgres" : "use postgres.prefix");
            }
        }
    }

    private static void Reserved(Key<string> key, string name, string[] reserved, string what, Values values)
    {
        if (values.Good(key.Path) && (reserved.Contains(name, StringComparer.Ordinal) || name.StartsWith("pg_", StringComparison.Ordinal)))
        {
            values.Add(key.Path, name, $"is a reserved name for a {what}", $"choose another, for instance {key.Default}");
        }
    }

    private static void CheckConnections(ClusterSpecification draft, Values values)
    {
        // Beside clients: superuser_reserved_connections, Patroni's own, PgBouncer's look-ups, pg_rewind and an administrator.
        const int Own = 10;
        int max = draft.Postgres.MaxConnections;
        Limit(Keys.HAProxyServerMaxConnections, draft.HAProxy.ServerMaxConnections);
        Limit(Keys.PgBouncerMaxDatabaseConnections, draft.PgBouncer.MaxDatabaseConnections);

        void Limit(Key<int> key, int value)
        {
            if (values.Good(key.Path, Keys.PostgresMaxConnections.Path) && value > max - Own)
            {
                values.Add(
                    key.Path,
                    value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"is more than PostgreSQL has for clients (postgres.maxConnections {max}, less {Own} for the cluster itself)"),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"set it to at most {max - Own}, or postgres.maxConnections to at least {value + Own}"));
            }
        }
    }

    [GeneratedRegex("^--[a-z0-9][A-Za-z0-9_-]*(=[A-Za-z0-9_=./:,+-]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Flag();
}
