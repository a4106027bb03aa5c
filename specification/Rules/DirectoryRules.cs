using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Directories on the hosts: absolute, not the system's, and none inside another.</summary>
internal static partial class DirectoryRules
{
    /// <summary>Directories that belong to the system and to us; a service's own may lie below some, but be none of them.</summary>
    private static readonly string[] Taken =
    [
        "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr",
        "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/local/sbin", "/usr/sbin", "/usr/share",
        "/var", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/spool", "/var/tmp",
    ];

    /// <summary>
    /// Directories below which nothing of the database may lie: the kernel's, configuration, root's own, which no service may enter, and what other
    /// parts of the cluster keep to themselves.
    /// </summary>
    private static readonly string[] Closed =
    [
        "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/sbin", "/sys", "/usr/bin", "/usr/include", "/usr/lib", "/usr/lib64", "/usr/libexec",
        "/usr/sbin", "/usr/share", "/opt/patroni", "/usr/local/bin", "/usr/local/lib/postgres-ha", "/usr/local/sbin", "/var/cache/postgres-ha", "/var/lib/haproxy",
        "/var/lib/patroni", "/var/lib/postgres-ha", "/run/haproxy", "/run/lock", "/run/pgbouncer", "/run/postgres-ha-pgbouncer", "/run/systemd", "/run/user", "/var/run/haproxy", "/var/run/lock",
        "/var/run/pgbouncer", "/var/run/postgres-ha-pgbouncer", "/var/run/systemd", "/var/run/user",
    ];

    /// <summary>Directories that are emptied at boot: good for a socket only.</summary>
    private static readonly string[] Emptied = ["/run", "/tmp", "/var/run", "/var/tmp"];

    /// <summary>Directories of the system in which everybody may make a socket.</summary>
    private static readonly string[] Shared = ["/tmp", "/var/tmp"];

    /// <summary>Homes of the user postgres, with files of its own in it.</summary>
    private static readonly string[] Homes = ["/var/lib/pgsql", "/var/lib/postgresql"];

    /// <summary>What the names of Patroni's virtual environments begin with; each version has its own.</summary>
    private const string PatroniEnvironments = "/opt/patroni-";

    public static void Check(ClusterSpecification draft, Values values)
    {
        Key<string>[] exclusive = [Keys.PostgresPrefix, Keys.PostgresDataDirectory, Keys.EtcdDataDirectory];
        foreach (Key<string> key in exclusive.Append(Keys.PostgresSocketDirectory))
        {
            CheckForm(key, values);
        }

        foreach (Key<string> key in exclusive)
        {
            CheckPlace(key, [.. Taken, .. Homes], [.. Emptied, .. Closed], values);
        }

        CheckPlace(Keys.PostgresSocketDirectory, [.. Taken.Except(Shared)], Closed, values);
        CheckSocket(draft.Postgres.SocketDirectory, values);
        Apart(Keys.PostgresDataDirectory, Keys.PostgresPrefix, values);
        Apart(Keys.EtcdDataDirectory, Keys.PostgresDataDirectory, values);
        Apart(Keys.EtcdDataDirectory, Keys.PostgresPrefix, values);
        Apart(Keys.PostgresSocketDirectory, Keys.PostgresDataDirectory, values);
        Apart(Keys.PostgresSocketDirectory, Keys.PostgresPrefix, values);
        Apart(Keys.PostgresSocketDirectory, Keys.EtcdDataDirectory, values);
    }

    private static void CheckForm(Key<string> key, Values values)
    {
        string path = values.Read(key);
        if (!values.Good(key.Path) || Form().IsMatch(path))
        {
            return;
        }

        string problem = path == "/" ? "is the whole system"
            : !path.StartsWith('/') ? "is a relative path"
            : path.EndsWith('/') ? "ends with a slash"
            : path.Split('/').Any(part => part is "." or "..") ? "has . or .. in it"
            : "is no plain path";
        values.Add(key.Path, Scalars.Show(path), problem, $"write an absolute path of letters, digits and ._- without a slash at its end, for instance {key.Default}");
    }

    private static void CheckPlace(Key<string> key, string[] taken, string[] closed, Values values)
    {
        string path = values.Read(key);
        if (!values.Good(key.Path))
        {
            return;
        }

        if (taken.Contains(path, StringComparer.Ordinal))
        {
            values.Add(key.Path, path, "is a directory of the system", $"use one of its own, for instance {key.Default}");
        }
        else if (closed.FirstOrDefault(folder => path == folder || IsInside(path, folder)) is { } inside)
        {
            values.Add(
                key.Path,
                path,
                path == inside ? "is a directory of another part of the cluster or of the system" : $"is inside {inside}, where nothing of the database may lie",
                $"use another place, for instance {key.Default}");
        }
        else if (path.StartsWith(PatroniEnvironments, StringComparison.Ordinal))
        {
            values.Add(key.Path, path, $"begins like Patroni's own directories, {PatroniEnvironments}VERSION", $"use another place, for instance {key.Default}");
        }
    }

    private static void CheckSocket(string path, Values values)
    {
        // sun_path holds 107 characters; the socket's name takes up to 15 of them.
        const int Longest = 92;
        if (values.Good(Keys.PostgresSocketDirectory.Path) && path.Length > Longest)
        {
            values.Add(Keys.PostgresSocketDirectory.Path, Scalars.Show(path), "is too long for the path of a unix socket", $"use at most {Longest} characters");
        }
    }

    private static void Apart(Key<string> one, Key<string> other, Values values)
    {
        string a = values.Read(one), b = values.Read(other);
        if (!values.Good(one.Path, other.Path))
        {
            return;
        }

        if (a == b)
        {
            values.Add(one.Path, a, $"is also {other.Path}", "give each a directory of its own");
        }
        else if (IsInside(a, b))
        {
            values.Add(one.Path, a, $"is inside {other.Path} ({b})", "move it out, so that replacing one leaves the other alone");
        }
        else if (IsInside(b, a))
        {
            values.Add(other.Path, b, $"is inside {one.Path} ({a})", "move it out, so that replacing one leaves the other alone");
        }
    }

    private static bool IsInside(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^(/(?!\.{1,2}(/|$))[A-Za-z0-9._-]+)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
