namespace PostgresHa.Specification;

/// <summary>Parameters of other releases of PostgreSQL, with what stands in their place in 17.</summary>
/// <remarks>The release notes of PostgreSQL 9.3 to 18, sections about incompatible changes and about parameters.</remarks>
internal static class FormerParameters
{
    private const string Gone = "leave it out: PostgreSQL has it no more";
    private const string Later = "leave it out: it comes with PostgreSQL 18";

    /// <summary>What to do instead, by name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["wal_keep_segments"] = "use postgres.walKeepSize; a segment has 16MB",
        ["checkpoint_segments"] = "use max_wal_size; a segment has 16MB",
        ["unix_socket_directory"] = "use postgres.socketDirectory",
        ["force_parallel_mode"] = "use debug_parallel_query",
        ["min_parallel_relation_size"] = "use min_parallel_table_scan_size",
        ["ssl_renegotiation_limit"] = Gone,
        ["sql_inheritance"] = Gone,
        ["default_with_oids"] = Gone,
        ["replacement_sort_tuples"] = Gone,
        ["operator_precedence_warning"] = Gone,
        ["vacuum_cleanup_index_scale_factor"] = Gone,
        ["stats_temp_directory"] = Gone,
        ["vacuum_defer_cleanup_age"] = "use hot_standby_feedback",
        ["old_snapshot_threshold"] = "use idle_in_transaction_session_timeout or transaction_timeout",
        ["db_user_namespace"] = Gone,
        ["trace_recovery_messages"] = "use log_min_messages",
        ["lc_collate"] = "leave it out: each database has its own",
        ["lc_ctype"] = "leave it out: each database has its own",
        ["autovacuum_vacuum_max_threshold"] = Later,
        ["autovacuum_worker_slots"] = Later,
        ["enable_distinct_reordering"] = Later,
        ["enable_self_join_elimination"] = Later,
        ["extension_control_path"] = Later,
        ["file_copy_method"] = Later,
        ["idle_replication_slot_timeout"] = "use max_slot_wal_keep_size (postgres.maxSlotWalKeepSize); it comes with PostgreSQL 18",
        ["io_max_combine_limit"] = Later,
        ["io_max_concurrency"] = Later,
        ["io_method"] = Later,
        ["io_workers"] = Later,
        ["log_lock_failures"] = Later,
        ["max_active_replication_origins"] = "use max_replication_slots; it comes with PostgreSQL 18",
        ["md5_password_warnings"] = Later,
        ["oauth_validator_libraries"] = Later,
        ["ssl_groups"] = "use ssl_ecdh_curve; it comes with PostgreSQL 18",
        ["ssl_tls13_ciphers"] = Later,
        ["track_cost_delay_timing"] = Later,
        ["vacuum_max_eager_freeze_failure_rate"] = Later,
        ["vacuum_truncate"] = "set it on each table; it comes with PostgreSQL 18",
    };
}
