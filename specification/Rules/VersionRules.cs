namespace PostgresHa.Specification;

/// <summary>Warns of versions with known severe holes, and refuses those that are known not to work together.</summary>
internal static class VersionRules
{
    public static void Check(ClusterSpecification draft, Values values)
    {
        Warn(Component.Postgres, Keys.PostgresVersion, draft.Postgres.Version, values);
        // Of a package the distribution decides the version; the hosts are asked for it.
        string? etcd = draft.Etcd.Method == EtcdMethod.Package ? null : draft.Etcd.Version;
        string? patroni = draft.Patroni.Method == PatroniMethod.Package ? null : draft.Patroni.Version;
        Warn(Component.Etcd, Keys.EtcdVersion, etcd, values);
        Warn(Component.Patroni, Keys.PatroniVersion, patroni, values);
        if (etcd is not null && values.Good(Keys.EtcdVersion.Path, Keys.EtcdMethod.Path, Keys.PatroniVersion.Path, Keys.PatroniMethod.Path))
        {
            Refuse(etcd, patroni, values);
        }
    }

    private static void Warn(Component component, Key<string> key, string? text, Values values)
    {
        if (!values.Good(key.Path) || ComponentVersion.Parse(text) is not { } version)
        {
            return;
        }

        IReadOnlyList<KnownHole> holes = KnownHoles.Of(component, version);
        if (holes.Count > 0)
        {
            values.Warn(
                key.Path,
                text,
                KnownHoles.Sentence(holes),
                KnownHoles.MendedIn(holes, version) is { } mended ? $"set it to at least {mended}" : $"set it to {key.Default} when that is newer");
        }
    }

    private static void Refuse(string etcd, string? patroni, Values values)
    {
        if (ComponentVersion.Parse(etcd) is not { } etcdVersion || KnownClashes.Of(etcdVersion, ComponentVersion.Parse(patroni)) is not { } clash)
        {
            return;
        }

        // The one that was written is at fault, not the default it meets.
        if (clash.PatroniRemedy is not null && values.Has(Keys.PatroniVersion.Path))
        {
            values.Add(
                Keys.PatroniVersion.Path, patroni, $"does not work with etcd {etcd}, which {clash.Problem}", $"set it to {clash.PatroniRemedy}, or etcd.version to {clash.EtcdRemedy}");
            return;
        }

        values.Add(
            Keys.EtcdVersion.Path,
            etcd,
            clash.Problem,
            $"set it to {clash.EtcdRemedy}" + (clash.PatroniRemedy is null ? "" : $", or patroni.version ({patroni}) to {clash.PatroniRemedy}"));
    }
}
