using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>PostgreSQL's parameters: defaults computed from the smallest host, with the user's own on top.</summary>
public static class PatroniParameters
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>The parameters by name, sorted. The same on every host, since every host may become leader.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(ClusterSpecification cluster)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Defaults(cluster))
        {
            parameters[name] = value;
        }

        foreach (var (name, value) in cluster.Postgres.Parameters)
        {
            parameters[name] = value;
        }

        return [.. parameters];
    }

    private static IEnumerable<(string Name, string Value)> Defaults(ClusterSpecification cluster)
    {
        var cores = cluster.Hosts.Min(host => host.Cores);
        var memory = cluster.Hosts.Min(host => host.Memory) / Megabyte;
        var hosts = cluster.Hosts.Count;
        var postgres = cluster.Postgres;

        yield return ("max_connections", Plain.Number(postgres.MaxConnections));
        yield return ("shared_buffers", Megabytes(Math.Max(memory / 4, 32)));
        yield return ("effective_cache_size", Megabytes(Math.Max(memory * 3 / 4, 64)));
        yield return ("maintenance_work_mem", Megabytes(Math.Clamp(memory / 16, 16, 2048)));
        // A quarter of the memory if every connection sorted at once.
        yield return ("work_mem", Megabytes(Math.Clamp(memory / 4 / Math.Max(postgres.MaxConnections, 1), 4, 64)));
        yield return ("max_worker_processes", Plain.Number(Math.Max(8, cores)));
        yield return ("max_parallel_workers", Plain.Number(cores));
        yield return ("max_parallel_workers_per_gather", Plain.Number(Math.Clamp(cores / 2, 1, 4)));
        yield return ("max_parallel_maintenance_workers", Plain.Number(Math.Clamp(cores / 2, 1, 4)));

        yield return ("wal_level", "replica");
        yield return ("hot_standby", "on");
        yield return ("wal_log_hints", "on");
        // A reader on each permanent slot, beside the replicas.
        var slots = cluster.Patroni.Slots.Count;
        // The same up to seven hosts: PostgreSQL reads both at its start only, and hosts come and go without one.
        yield return ("max_wal_senders", Plain.Number(Math.Max(16, (2 * hosts) + 2) + slots));
        yield return ("max_replication_slots", Plain.Number(Math.Max(9, hosts + 2) + slots));
        yield return ("wal_keep_size", Megabytes(postgres.WalKeepSize / Megabyte));
        // A lost replica's slot would pin WAL until the disk is full.
        yield return ("max_slot_wal_keep_size", Megabytes(postgres.MaxSlotWalKeepSize / Megabyte));
        yield return ("max_wal_size", "2GB");
        // A replica that is gone is noticed soon, and one that lost its primary is back soon; in synchronous mode writes wait for both.
        yield return ("wal_sender_timeout", Milliseconds(cluster.Patroni.ReplicationTimeout));
        yield return ("wal_receiver_timeout", Milliseconds(cluster.Patroni.ReplicationTimeout));
        yield return ("wal_retrieve_retry_interval", Milliseconds(PatroniSpecification.ReplicationRetry));

        yield return ("password_encryption", "scram-sha-256");
        if (cluster.Tls.IsOn)
        {
            // All of them are read at a reload.
            yield return ("ssl", "on");
            yield return ("ssl_cert_file", CertificateFiles.CertificatePath);
            yield return ("ssl_key_file", CertificateFiles.KeyPath);
            yield return ("ssl_min_protocol_version", "TLSv1.2");
        }

        yield return ("tcp_keepalives_idle", "30");
        yield return ("tcp_keepalives_interval", "10");
        yield return ("tcp_keepalives_count", "3");

        // To stderr, which is Patroni's: the journal keeps both in order.
        yield return ("log_destination", "stderr");
        yield return ("logging_collector", "off");
        yield return ("log_line_prefix", "[%p] %q%u@%d %h ");
        yield return ("log_checkpoints", "on");
        yield return ("log_lock_waits", "on");
        yield return ("log_temp_files", "10MB");
        yield return ("log_autovacuum_min_duration", "1min");
    }

    private static string Milliseconds(TimeSpan time) => Plain.Number((long)time.TotalMilliseconds) + "ms";

    private static string Megabytes(long value) => Plain.Number(value) + "MB";
}
