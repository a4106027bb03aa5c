using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>
/// PostgreSQL's parameters: names, types, units and ranges of PostgreSQL 17, and none that Patroni or another value of the specification
/// owns.
/// </summary>
/// <remarks>
/// Patroni drops what it cannot read, and raises or lowers what is out of its range, with no more than a line in its log. What it takes
/// from the dynamic configuration only, and the least it takes: <c>ConfigHandler.CMDLINE_OPTIONS</c> in its <c>postgresql/config.py</c>.
/// </remarks>
internal static partial class ParameterRules
{
    private const string Patroni = "leave it out: Patroni sets it";
    private const string Recovery = "leave it out: Patroni takes no parameter of recovery from here";
    private const string Certificate = "leave it out: each host has a certificate of the stack's own authority";
    private const string Transaction = "leave it out: it belongs to a transaction, see default_transaction_isolation and its like";

    private const string OfPatroni = "the least that Patroni takes";
    private const string TwoSegments = "two segments of WAL, without which PostgreSQL does not start";

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
        ["ssl"] = "use tls.clients",
        ["ssl_cert_file"] = Certificate,
        ["ssl_key_file"] = Certificate,
        ["listen_addresses"] = "leave it out: PostgreSQL listens on the host's address and on the loopback address",
        ["hba_file"] = "use firewall.clientNetworks for clients: Patroni writes pg_hba.conf",
        ["ident_file"] = Patroni,
        ["config_file"] = Patroni,
        ["external_pid_file"] = Patroni,
        ["hot_standby"] = Patroni,
        ["wal_log_hints"] = "leave it out: Patroni sets it, since pg_rewind needs it",
        ["primary_conninfo"] = Patroni,
        ["primary_slot_name"] = Patroni,
        ["promote_trigger_file"] = Patroni,
        ["restore_command"] = Recovery,
        ["archive_cleanup_command"] = Recovery,
        ["recovery_end_command"] = Recovery,
        ["recovery_min_apply_delay"] = Recovery,
        ["recovery_target"] = Recovery,
        ["recovery_target_action"] = Recovery,
        ["recovery_target_inclusive"] = Recovery,
        ["recovery_target_lsn"] = Recovery,
        ["recovery_target_name"] = Recovery,
        ["recovery_target_time"] = Recovery,
        ["recovery_target_timeline"] = Recovery,
        ["recovery_target_xid"] = Recovery,
        ["transaction_deferrable"] = Transaction,
        ["transaction_isolation"] = Transaction,
        ["transaction_read_only"] = Transaction,
        ["composite_type_mismatch"] = "leave it out: Patroni does not know it and drops it",
        ["password_encryption"] = "leave it out: it is scram-sha-256",
    };

    /// <summary>The least that works, in the parameter's unit, where that is more than the least of PostgreSQL's table.</summary>
    private static readonly Dictionary<string, (double Least, string Why)> LeastThatWorks = new(StringComparer.Ordinal)
    {
        ["max_worker_processes"] = (2, OfPatroni),
        ["max_locks_per_transaction"] = (32, OfPatroni),
        ["maintenance_work_mem"] = (1024, OfPatroni),
        ["min_wal_size"] = (32, TwoSegments),
        ["max_wal_size"] = (32, TwoSegments),
    };

    /// <summary>Values that only a server built with one of these flags takes.</summary>
    private static readonly (string Name, string[] Values, string[] Flags)[] Built =
    [
        ("wal_compression", ["lz4"], ["--with-lz4"]),
        ("wal_compression", ["zstd"], ["--with-zstd"]),
        ("default_toast_compression", ["lz4"], ["--with-lz4"]),
        ("bonjour", ["on", "true", "yes", "1"], ["--with-bonjour"]),
    ];

    public static void Check(ClusterSpecification draft, Findings findings)
    {
        if (!findings.Good("postgres.parameters"))
        {
            return;
        }

        foreach (var (name, value) in draft.Postgres.Parameters)
        {
            if (Judge(name, value, draft, findings) is { } complaint)
            {
                findings.Add(
                    $"postgres.parameters.{Scalars.Show(name)}",
                    complaint.ShowsValue ? Scalars.Show(value) : null,
                    complaint.Problem,
                    complaint.Remedy);
            }
        }

        CheckSharedBuffers(draft, findings);
        CheckReservedConnections(draft, findings);
    }

    private static (bool ShowsValue, string Problem, string Remedy)? Judge(
        string name, string value, ClusterSpecification draft, Findings findings)
    {
        if (!Name().IsMatch(name))
        {
            return (
                false, "is not the name of a parameter", "use lower-case letters, digits and _, with at most one dot for an extension's");
        }

        if (Owned.TryGetValue(name, out var instead))
        {
            return (true, "is not free to set", instead);
        }

        if (!LineText.IsOneLine(value))
        {
            return (true, "has a line break or control character", "write it on one line");
        }

        if (name.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }

        return PostgresParameter.All.TryGetValue(name, out var parameter)
            ? JudgeValue(name, parameter, value, draft, findings) is { } complaint ? (true, complaint.Problem, complaint.Remedy) : null
            : (false, "is not a parameter of PostgreSQL 17", Instead(name));
    }

    private static string Instead(string name) =>
        FormerParameters.All.TryGetValue(name, out var former) ? former
        : NearestName.Find(
            name,
            PostgresParameter.All.Keys) is { } nearest ? $"did you mean {nearest.ToLowerInvariant()}? (an extension's is written "
                + $"extension.name)"
        : "use one of its documentation's chapter \"Server Configuration\"; an extension's is written extension.name";

    private static Complaint? JudgeValue(
        string name, PostgresParameter parameter, string value, ClusterSpecification draft, Findings findings)
    {
        if (parameter.Context == "internal")
        {
            return new("is not free to set", "leave it out: PostgreSQL only shows it");
        }

        if (name == "wal_level" && value.Equals("minimal", StringComparison.OrdinalIgnoreCase))
        {
            return new("is not free to set", "write logical or leave it out: Patroni sets it to replica, the least that replicas need");
        }

        if (parameter.Check(value) is { } complaint)
        {
            return complaint;
        }

        if (Least(name, draft) is (var least, { } why) && parameter.Number(value) < least)
        {
            return new($"is less than {why}", $"set it to at least {PostgresQuantity.Show(least, parameter.Unit)}, or leave it out");
        }

        return Built.Where(one => one.Name == name && one.Values.Contains(value, StringComparer.OrdinalIgnoreCase)
                && findings.Good("postgres.configureFlags") && !one.Flags.Any(draft.Postgres.ConfigureFlags.Contains))
            .Select(one => new Complaint("needs a PostgreSQL that is built for it", $"add {one.Flags[0]} to postgres.configureFlags"))
            .FirstOrDefault();
    }

    private static (double Least, string? Why) Least(string name, ClusterSpecification draft)
    {
        int replicas = draft.Hosts.Count - 1, slots = draft.Patroni.Slots.Count;
        return name switch
        {
            "max_wal_senders" => Larger(3, replicas + 2, "a stream for each replica, two for a copy that is taken"),
            "max_replication_slots" => Larger(
                4,
                replicas + slots + 1,
                slots == 0
                    ? "a slot for each replica, one for a copy that is taken"
                    : "a slot for each replica and each of patroni.slots, one for a copy that is taken"),
            _ => LeastThatWorks.GetValueOrDefault(name),
        };

        static (double, string) Larger(int patroni, int needed, string why) => patroni >= needed
            ? (patroni, OfPatroni)
            : (needed, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the {needed} that this cluster needs ({why})"));
    }

    private static void CheckSharedBuffers(ClusterSpecification draft, Findings findings)
    {
        const string Parameter = "shared_buffers";
        if (draft.Hosts.Count == 0
            || !draft.Postgres.Parameters.TryGetValue(Parameter, out var text)
            || !findings.Good($"postgres.parameters.{Parameter}")
            || PostgresParameter.All[Parameter].Number(text) is not { } pages)
        {
            return;
        }

        var memory = draft.Hosts.Min(host => host.Memory);
        if (memory > 0 && pages * 8192 > memory / 4 * 3)
        {
            findings.Add(
                $"postgres.parameters.{Parameter}",
                text,
                $"is more than three quarters of the smallest host's memory ({Scalars.Size(memory)})",
                $"set it to about a quarter, {Scalars.Size(memory / 4)}, or leave it out");
        }
    }

    private static void CheckReservedConnections(ClusterSpecification draft, Findings findings)
    {
        const string Superuser = "superuser_reserved_connections", Others = "reserved_connections";
        var max = draft.Postgres.MaxConnections;
        if (!findings.Good("postgres.maxConnections") || Reserved(Superuser, 3) + Reserved(Others, 0) < max)
        {
            return;
        }

        var name = draft.Postgres.Parameters.ContainsKey(Others) ? Others : Superuser;
        findings.Add(
            $"postgres.parameters.{name}",
            Scalars.Show(draft.Postgres.Parameters[name]),
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"leaves no connection to anybody else (postgres.maxConnections {max})"),
            "set it to a few");

        double Reserved(string parameter, double standard) =>
            draft.Postgres.Parameters.TryGetValue(parameter, out var text) ? PostgresParameter.All[parameter].Number(text) ?? 0 : standard;
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]*([.][a-z_][a-z0-9_]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
