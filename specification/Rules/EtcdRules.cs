namespace PostgresHa.Specification;

/// <summary>etcd's checksum, build and timings.</summary>
internal static class EtcdRules
{
    public static void Check(ClusterSpecification draft, Findings findings)
    {
        var etcd = draft.Etcd;
        CheckArchive(etcd, findings);
        if (etcd is { Method: EtcdMethod.Source, GoLibraries: GoLibraries.Distribution }
            && findings.Good("etcd.goLibraries", "etcd.method")
            && draft.EtcdHosts.FirstOrDefault(host => host.System == SystemFamily.Rhel) is { } host)
        {
            findings.Add(
                "etcd.goLibraries",
                "distribution",
                $"works on the Debian family only, and {host.Name} is rhel",
                "use modules with a proxy in mirrors.go, or etcd.method: archive");
        }

        CheckTimings(draft, findings);
    }

    private static void CheckArchive(EtcdSpecification etcd, Findings findings)
    {
        var path = "etcd.sha256";
        PostgresRules.CheckChecksum(path, etcd.Sha256, findings);
        if (etcd.Method != EtcdMethod.Package && etcd.Sha256 is null && findings.Good(path, "etcd.method", "etcd.version"))
        {
            findings.Add(
                path,
                null,
                $"is missing, and the checksum of {(etcd.Method == EtcdMethod.Source ? "source archive" : "release")} {etcd.Version} is "
                + "not known here",
                etcd.Method == EtcdMethod.Source
                    ? $"give the SHA-256 of the source archive of tag v{etcd.Version} (none is published: download it once from a place "
                        + "you trust and run sha256sum), or use etcd.method: archive"
                    : $"give the SHA-256 of etcd-v{etcd.Version}-linux-amd64.tar.gz from the release's SHA256SUMS");
        }
    }

    private static void CheckTimings(ClusterSpecification draft, Findings findings)
    {
        var etcd = draft.Etcd;
        var election = "etcd.electionTimeout";
        if (findings.Good("etcd.heartbeatInterval", election) && etcd.ElectionTimeout < 5 * etcd.HeartbeatInterval)
        {
            findings.Add(
                election,
                Scalars.Show(etcd.ElectionTimeout),
                $"is less than five heartbeats (etcd.heartbeatInterval {Scalars.Show(etcd.HeartbeatInterval)})",
                $"set it to at least {Scalars.Show(5 * etcd.HeartbeatInterval)}");
        }

        // A follower waits between one and two election timeouts before it stands.
        if (findings.Good(election, "patroni.retryTimeout") && 2 * etcd.ElectionTimeout > draft.Patroni.RetryTimeout)
        {
            findings.Add(
                election,
                Scalars.Show(etcd.ElectionTimeout),
                $"makes an election last longer than Patroni retries (patroni.retryTimeout {Scalars.Show(draft.Patroni.RetryTimeout)}), "
                + "so the leader would demote itself",
                $"set it to at most {Scalars.Show(draft.Patroni.RetryTimeout / 2)}");
        }
    }
}
