namespace PostgresHa.Specification;

/// <summary>Warns of versions with known severe holes, and refuses those that are known not to work together.</summary>
internal static class VersionRules
{
    public static void Check(ClusterSpecification draft, Findings findings)
    {
        Warn(Component.Postgres, "postgres.version", draft.Postgres.Version, findings);
        // Of a package the distribution decides the version; the hosts are asked for it.
        var etcd = draft.Etcd.Method == EtcdMethod.Package ? null : draft.Etcd.Version;
        var patroni = draft.Patroni.Method == PatroniMethod.Package ? null : draft.Patroni.Version;
        Warn(Component.Etcd, "etcd.version", etcd, findings);
        Warn(Component.Patroni, "patroni.version", patroni, findings);
        if (etcd is not null && findings.Good("etcd.version", "etcd.method", "patroni.version", "patroni.method"))
        {
            Refuse(etcd, patroni, draft, findings);
        }
    }

    private static void Warn(Component component, string path, string? text, Findings findings)
    {
        if (!findings.Good(path) || ComponentVersion.Parse(text) is not { } version)
        {
            return;
        }

        var holes = KnownHoles.Of(component, version);
        if (holes.Count > 0)
        {
            findings.Warn(
                path,
                text,
                KnownHoles.Sentence(holes),
                KnownHoles.MendedIn(holes, version) is { } mended
                    ? $"set it to at least {mended}"
                    : $"set it to {KeyTable.Example(path)} when that is newer");
        }
    }

    private static void Refuse(string etcd, string? patroni, ClusterSpecification draft, Findings findings)
    {
        if (ComponentVersion.Parse(etcd) is not { } etcdVersion
            || KnownClashes.Of(etcdVersion, ComponentVersion.Parse(patroni)) is not { } clash)
        {
            return;
        }

        // The one that was written is at fault, not the default it meets.
        if (clash.PatroniRemedy is not null && draft.Written.Contains("patroni.version"))
        {
            findings.Add(
                "patroni.version", patroni, $"does not work with etcd {etcd}, which {clash.Problem}",
                $"set it to {clash.PatroniRemedy}, or etcd.version to {clash.EtcdRemedy}");
            return;
        }

        findings.Add(
            "etcd.version",
            etcd,
            clash.Problem,
            $"set it to {clash.EtcdRemedy}" + (
                clash.PatroniRemedy is null ? "" : $", or patroni.version ({patroni}) to {clash.PatroniRemedy}"));
    }
}
