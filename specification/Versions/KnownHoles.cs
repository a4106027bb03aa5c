namespace PostgresHa.Specification;

/// <summary>
/// The one table of known severe holes, each with its source. Of keepalived none is known that the files written here open.
/// </summary>
public static class KnownHoles
{
    private const string RunsCode = "runs any program as the server's system user";

    /// <summary>All of them, by component, the latest first.</summary>
    public static IReadOnlyList<KnownHole> All { get; } =
    [
        Hole(Component.Postgres, $"who may alter a table {RunsCode}", ["CVE-2026-6460"], ("17.0", "17.12")),
        Hole(Component.Postgres, "an archive given to pg_restore runs any program", ["CVE-2026-116314"], ("17.0", "17.12")),
        Hole(Component.Postgres, $"any user {RunsCode}", ["CVE-2026-14680", "CVE-2026-15742", "CVE-2026-16239"], ("17.0", "17.11")),
        Hole(Component.Postgres, $"any user may write beyond what was allocated, and so {RunsCode}", ["CVE-2026-6473"], ("17.0", "17.10")),
        Hole(
            Component.Postgres,
            $"a user of intarray, pgcrypto or multibyte text {RunsCode}",
            ["CVE-2026-2004", "CVE-2026-2005", "CVE-2026-2006"],
            ("17.0", "17.8")),
        Hole(
            Component.Postgres,
            "a dump of a foreign server runs any program where it is restored",
            ["CVE-2025-8714", "CVE-2025-8715"],
            ("17.0", "17.6")),
        Hole(Component.Postgres, "text that a client has quoted may still carry commands", ["CVE-2025-1094"], ("17.0", "17.3")),
        Hole(Component.Postgres, $"a user of PL/Perl {RunsCode}", ["CVE-2024-10979"], ("17.0", "17.1")),

        Hole(
            Component.Etcd,
            "who may read one key can watch every key after it",
            ["CVE-2026-73499"],
            ("3.5.0", "3.5.33"),
            ("3.6.0", "3.6.14"),
            ("3.7.0", "3.7.1")),
        Hole(
            Component.Etcd, "a transaction reads what its user may not read", ["CVE-2026-44283"], ("3.5.0", "3.5.30"), ("3.6.0", "3.6.11")),
        Hole(
            Component.Etcd,
            "who has no password can revoke leases, raise alarms and compact",
            ["CVE-2026-33413"],
            ("3.5.0", "3.5.28"),
            ("3.6.0", "3.6.9")),
        Hole(
            Component.Etcd,
            "a nested transaction reads and writes what its user may not",
            ["CVE-2026-33343"],
            ("3.5.0", "3.5.28"),
            ("3.6.0", "3.6.9")),
        Hole(
            Component.Etcd,
            "a lease that is revoked may be reported as renewed",
            ["https://github.com/etcd-io/etcd/pull/20616"],
            ("3.5.0", "3.5.23"),
            ("3.6.0", "3.6.5")),
        Hole(
            Component.Etcd,
            "a former leader may revoke leases that were renewed",
            ["https://github.com/etcd-io/etcd/pull/17425"],
            ("3.5.0", "3.5.13")),
        Hole(
            Component.Etcd,
            "members may come to differ after a crash",
            ["https://github.com/etcd-io/etcd/issues/13766"],
            ("3.5.0", "3.5.3")),

        Hole(Component.Patroni, "the watchdog is stopped before the last client is gone, so a leader that hangs in stopping is not reset",
            ["https://github.com/patroni/patroni/blob/master/docs/releases.rst#version-414"], ("4.0.0", "4.0.10"), ("4.1.0", "4.1.4")),
        Hole(Component.Patroni, "failsafe mode does not always begin when etcd is lost, so the leader steps down",
            ["https://github.com/patroni/patroni/blob/master/docs/releases.rst#version-407"], ("4.0.0", "4.0.7")),
        Hole(
            Component.Patroni,
            "five connections on which nothing is said silence the REST API",
            ["https://github.com/patroni/patroni/issues/3705"],
            ("4.0.8", "4.1.0"),
            ("4.1.1", null))
            with { ShutBy = "patroni.yml gives it more threads (restapi.thread_pool_size), and the firewall lets only the hosts in" },

        Hole(Component.PgBouncer, "who knows a password in userlist.txt can log in as anybody", ["CVE-2026-107350"], ("1.17.0", "1.26.1"))
            with { ShutBy = "userlist.txt holds PgBouncer's own role alone, whose password no client has" },
        Hole(Component.PgBouncer, "a client can make it loop before it logs in", ["CVE-2026-107349"], ("1.20.0", "1.26.1"))
            with { ShutBy = "pgbouncer.ini writes ignore_startup_parameters with options, and so that the search for an empty name ends" },
        Hole(Component.PgBouncer, "a client can make it crash before it logs in", ["CVE-2026-6664"], ("1.0.0", "1.25.2")),
        Hole(Component.PgBouncer, "a client runs SQL by its search_path before it logs in", ["CVE-2025-12819"], ("1.20.0", "1.25.1"))
            with { ShutBy = "pgbouncer.ini leaves track_extra_parameters alone, and the look-up function has a search_path of its own" },
        Hole(Component.PgBouncer, "a password that is no longer valid is accepted", ["CVE-2025-2291"], ("1.0.0", "1.24.1"))
            with { ShutBy = "the look-up function knows VALID UNTIL" },

        Hole(Component.HAProxy, "who reaches the statistics page's port can occupy its threads for ever", ["CVE-2026-110354"],
            ("3.0.0", "3.0.30"), ("3.1.0", "3.2.26"), ("3.3.0", "3.3.17"), ("3.4.0", "3.4.6")),
    ];

    /// <summary>The holes of a version that nothing shuts, the latest first.</summary>
    /// <param name="component">The component.</param>
    /// <param name="version">Its version.</param>
    /// <param name="mended">CVE numbers that the package it came in is known to mend.</param>
    public static IReadOnlyList<KnownHole> Of(Component component, Version version, IReadOnlyCollection<string>? mended = null) =>
    [
        .. All.Where(
            hole =>
                hole.Component == component && hole.ShutBy is null && hole.RangeOf(version) is not null && !hole.IsMendedBy(mended ?? [])),
    ];

    /// <summary>The holes as the end of a sentence: <c>has known severe holes: harm (source), harm (source)</c>.</summary>
    /// <param name="holes">At least one.</param>
    public static string Sentence(IReadOnlyList<KnownHole> holes) =>
        $"has {(holes.Count == 1 ? "a known severe hole" : "known severe holes")}: "
        + $"{string.Join(", ", holes.Select(static hole => $"{hole.Harm} ({string.Join(", ", hole.Sources)})"))}";

    /// <summary>The first release, in the version's own line, that mends all of the holes; null when one is not mended yet.</summary>
    /// <param name="holes">Holes of that version.</param>
    /// <param name="version">The version.</param>
    public static string? MendedIn(IReadOnlyList<KnownHole> holes, Version version)
    {
        IReadOnlyList<string?> releases = [.. holes.Select(hole => hole.RangeOf(version)?.Below)];
        return releases.Contains(null) ? null : releases.MaxBy(ComponentVersion.Parse);
    }

    private static KnownHole Hole(
        Component component, string harm, IReadOnlyList<string> sources, params (string From, string? Below)[] affected) => new()
        {
            Component = component,
            Harm = harm,
            Sources = sources,
            Affected = [.. affected.Select(static range => new VersionRange(range.From, range.Below))],
        };
}
