namespace PostgresHa.Specification;

/// <summary>etcd's checksum, build and timings.</summary>
internal static class EtcdRules
{
    public static void Check(ClusterSpecification draft, Values values)
    {
        EtcdSpecification etcd = draft.Etcd;
        CheckArchive(etcd, values);
        if (etcd is { Method: EtcdMethod.Source, GoLibraries: GoLibraries.Distribution }
            && values.Good(Keys.EtcdGoLibraries.Path, Keys.EtcdMethod.Path)
            && draft.EtcdHosts.FirstOrDefault(host => host.System == SystemFamily.Rhel) is { } host)
        {
            values.Add(
                Keys.EtcdGoLibraries.Path,
                "distribution",
                $"works on the Debian family only, and {host.Name} is rhel",
                "use modules with a proxy in mirrors.go, or etcd.method: archive");
        }

        CheckTimings(draft, values);
    }

    private static void CheckArchive(EtcdSpecification etcd, Values values)
    {
        string path = Keys.EtcdSha256.Path;
        PostgresRules.CheckChecksum(path, etcd.Sha256, values);
        if (etcd.Method != EtcdMethod.Package && etcd.Sha256 is null && values.Good(path, Keys.EtcdMethod.Path, Keys.EtcdVersion.Path))
        {
            values.Add(
                path,
                null,
                $"is missing, and the checksum of {(etcd.Method == EtcdMethod.Source ? "source archive" : "release")} {etcd.Version} is not known here",
                etcd.Method == EtcdMethod.Source
                    ? $"give the SHA-256 of the source archive of tag v{etcd.Version} (none is published: download it once from a place you trust and run sha256sum), or use etcd.method: archive"
                    : $"give the SHA-256 of etcd-v{etcd.Version}-linux-amd64.tar.gz from the release's SHA256SUMS");
        }
    }

    private static void CheckTimings(ClusterSpecification draft, Values values)
    {
        EtcdSpecification etcd = draft.Etcd;
        string election = Keys.EtcdElectionTimeout.Path;
        if (values.Good(Keys.EtcdHeartbeatInterval.Path, election) && etcd.ElectionTimeout < 5 * etcd.HeartbeatInterval)
        {
            values.Add(
                election,
                Scalars.Show(etcd.ElectionTimeout),
                $"is less than five heartbeats (etcd.heartbeatInterval {Scalars.Show(etcd.HeartbeatInterval)})",
                $"set it to at least {Scalars.Show(5 * etcd.HeartbeatInterval)}");
        }

        // A follower waits between one and two election timeouts before it stands.
        if (values.Good(election, Keys.PatroniRetryTimeout.Path) && 2 * etcd.ElectionTimeout > draft.Patroni.RetryTimeout)
        {
            values.Add(
                election,
                Scalars.Show(etcd.ElectionTimeout),
                $"makes an election last longer than Patroni retries (patroni.retryTimeout {Scalars.Show(draft.Patroni.RetryTimeout)}), so the leader would demote itself",
                $"set it to at most {Scalars.Show(draft.Patroni.RetryTimeout / 2)}");
        }
    }
}
