using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Directories on the hosts: absolute, not the system's, and none inside another.</summary>
internal static partial class DirectoryRules
{
    /// <summary>Directories that belong to the system and to us; a service's own may lie below some, but be none of them.</summary>
    private static readonly string[] Taken =
    [
        "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv",
        "/sys", "/tmp", "/usr",
        "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/local/sbin",
        "/usr/sbin", "/usr/share",
        "/var", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/spool", "/var/tmp",
    ];

    /// <summary>
    /// Directories below which nothing of the database may lie: the kernel's, configuration, root's own, which no service may enter, and
    /// what other parts of the cluster keep to themselves.
    /// </summary>
    private static readonly string[] Closed =
    [
        "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/sbin", "/sys", "/usr/bin", "/usr/include", "/usr/lib",
        "/usr/lib64", "/usr/libexec",
        "/usr/sbin", "/usr/share", "/opt/patroni", "/usr/local/bin", "/usr/local/lib/postgres-ha", "/usr/local/sbin",
        "/var/cache/postgres-ha", "/var/lib/haproxy",
        "/var/lib/patroni", "/var/lib/postgres-ha", "/run/haproxy", "/run/lock", "/run/pgbouncer", "/run/postgres-ha-pgbouncer",
        "/run/systemd", "/run/user", "/var/run/haproxy", "/var/run/lock",
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

    public static void Check(ClusterSpecification draft, Findings findings)
    {
        var prefix = new Place("postgres.prefix", draft.Postgres.Prefix);
        var data = new Place("postgres.dataDirectory", draft.Postgres.DataDirectory);
        var etcd = new Place("etcd.dataDirectory", draft.Etcd.DataDirectory);
        var socket = new Place("postgres.socketDirectory", draft.Postgres.SocketDirectory);
        Place[] exclusive = [prefix, data, etcd];
        foreach (var place in exclusive.Append(socket))
        {
            CheckForm(place, findings);
        }

        foreach (var place in exclusive)
        {
            CheckPlace(place, [.. Taken, .. Homes], [.. Emptied, .. Closed], findings);
        }

        CheckPlace(socket, [.. Taken.Except(Shared)], Closed, findings);
        CheckSocket(socket, findings);
        Apart(data, prefix, findings);
        Apart(etcd, data, findings);
        Apart(etcd, prefix, findings);
        Apart(socket, data, findings);
        Apart(socket, prefix, findings);
        Apart(socket, etcd, findings);
    }

    private static void CheckForm(Place place, Findings findings)
    {
        var path = place.Directory;
        if (!findings.Good(place.Key) || Form().IsMatch(path))
        {
            return;
        }

        var problem = path == "/" ? "is the whole system"
            : !path.StartsWith('/') ? "is a relative path"
            : path.EndsWith('/') ? "ends with a slash"
            : path.Split('/').Any(part => part is "." or "..") ? "has . or .. in it"
            : "is not a plain path";
        findings.Add(
            place.Key,
            Scalars.Show(path),
            problem,
            $"write an absolute path of letters, digits and ._- without a slash at its end, for instance {place.Example}");
    }

    private static void CheckPlace(Place place, string[] taken, string[] closed, Findings findings)
    {
        var path = place.Directory;
        if (!findings.Good(place.Key))
        {
            return;
        }

        if (taken.Contains(path, StringComparer.Ordinal))
        {
            findings.Add(place.Key, path, "is a directory of the system", $"use one of its own, for instance {place.Example}");
        }
        else if (closed.FirstOrDefault(folder => path == folder || IsInside(path, folder)) is { } inside)
        {
            findings.Add(
                place.Key,
                path,
                path == inside
                    ? "is a directory of another part of the cluster or of the system"
                    : $"is inside {inside}, where nothing of the database may lie",
                $"use another place, for instance {place.Example}");
        }
        else if (path.StartsWith(PatroniEnvironments, StringComparison.Ordinal))
        {
            findings.Add(
                place.Key,
                path,
                $"begins like Patroni's own directories, {PatroniEnvironments}VERSION",
                $"use another place, for instance {place.Example}");
        }
    }

    private static void CheckSocket(Place place, Findings findings)
    {
        // sun_path holds 107 characters; the socket's name takes up to 15 of them.
        const int Longest = 92;
        if (findings.Good(place.Key) && place.Directory.Length > Longest)
        {
            findings.Add(
                place.Key, Scalars.Show(place.Directory), "is too long for the path of a unix socket", $"use at most {Longest} characters");
        }
    }

    private static void Apart(Place one, Place other, Findings findings)
    {
        var (a, b) = (one.Directory, other.Directory);
        if (!findings.Good(one.Key, other.Key))
        {
            return;
        }

        if (a == b)
        {
            findings.Add(one.Key, a, $"is also {other.Key}", "give each a directory of its own");
        }
        else if (IsInside(a, b))
        {
            findings.Add(one.Key, a, $"is inside {other.Key} ({b})", "move it out, so that replacing one leaves the other alone");
        }
        else if (IsInside(b, a))
        {
            findings.Add(other.Key, b, $"is inside {one.Key} ({a})", "move it out, so that replacing one leaves the other alone");
        }
    }

    private static bool IsInside(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);

    private sealed record Place(string Key, string Directory)
    {
        public string Example => KeyTable.Example(Key);
    }

    [GeneratedRegex(@"^(/(?!\.{1,2}(/|$))[A-Za-z0-9._-]+)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
