using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>PostgreSQL parameters: names that are ones, and none that Patroni or another value of the specification owns.</summary>
internal static partial class ParameterRules
{
    private const string Patroni = "leave it out: Patroni sets it";

    /// <summary>Owned parameters with what to do instead.</summary>
    private static readonly Dictionary<string, string> Owned = new(StringComparer.OrdinalIgnoreCase)
    {
        ["max_connections"] = "use postgres.maxConnections",
        ["wal_keep_size"] = "use postgres.walKeepSize",
        ["max_slot_wal_keep_size"] = "use postgres.maxSlotWalKeepSize",
        ["port"] = "use ports.postgres",
        ["unix_socket_directories"] = "use postgres.socketDirectory",
        ["data_directory"] = "use postgres.dataDirectory",
        ["cluster_name"] = "use name",
        ["synchronous_standby_names"] = "use patroni.synchronous",
        ["listen_addresses"] = "leave it out: PostgreSQL listens on the host's address and on the loopback address",
        ["hba_file"] = "use firewall.clientNetworks for clients: Patroni writes pg_hba.conf",
        ["ident_file"] = Patroni,
        ["config_file"] = Patroni,
        ["external_pid_file"] = Patroni,
        ["hot_standby"] = Patroni,
        ["wal_level"] = Patroni,
        ["wal_log_hints"] = Patroni,
        ["max_wal_senders"] = "leave it out: it follows from the number of hosts",
        ["max_replication_slots"] = "leave it out: it follows from the number of hosts",
        ["max_worker_processes"] = "leave it out: it follows from hosts[].cores",
        ["max_prepared_transactions"] = Patroni,
        ["max_locks_per_transaction"] = Patroni,
        ["track_commit_timestamp"] = Patroni,
        ["primary_conninfo"] = Patroni,
        ["primary_slot_name"] = Patroni,
        ["restore_command"] = Patroni,
        ["recovery_target"] = Patroni,
        ["recovery_target_timeline"] = Patroni,
        ["promote_trigger_file"] = Patroni,
        ["password_encryption"] = "leave it out: it is scram-sha-256",
    };

    public static void Check(ClusterSpecification draft, Values values)
    {
        if (!values.Good(Keys.PostgresParameters.Path))
        {
            return;
        }

        foreach ((string name, string value) in draft.Postgres.Parameters)
        {
            string path = $"{Keys.PostgresParameters.Path}.{Scalars.Show(name)}";
            if (!Name().IsMatch(name))
            {
                values.Add(path, null, "is no name of a parameter", "use lower-case letters, digits and _, with at most one dot for an extension's");
            }
            else if (Owned.TryGetValue(name, out string? instead))
            {
                values.Add(path, Scalars.Show(value), "is not free to set", instead);
            }
            else if (!LineText.IsOneLine(value))
            {
                values.Add(path, Scalars.Show(value), "has a line break or control character", "write it on one line");
            }
        }

        CheckSharedBuffers(draft, values);
    }

    private static void CheckSharedBuffers(ClusterSpecification draft, Values values)
    {
        const string Parameter = "shared_buffers";
        if (draft.Hosts.Count == 0 || !draft.Postgres.Parameters.TryGetValue(Parameter, out string? text))
        {
            return;
        }

        // A bare number counts pages of 8 kB.
        long bytes = Scalars.TryInteger(text, out long pages) ? pages * 8192 : Scalars.TrySize(text, out long size) ? size : 0;
        long memory = draft.Hosts.Min(host => host.Memory);
        if (memory > 0 && bytes > memory / 4 * 3)
        {
            values.Add(
                $"{Keys.PostgresParameters.Path}.{Parameter}",
                text,
                $"is more than three quarters of the smallest host's memory ({Scalars.Size(memory)})",
                $"set it to about a quarter, {Scalars.Size(memory / 4)}, or leave it out");
        }
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]*([.][a-z_][a-z0-9_]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
