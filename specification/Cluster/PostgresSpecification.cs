namespace PostgresHa.Specification;

/// <summary>Where a source build happens.</summary>
public enum BuildPlace
{
    /// <summary>On the first host of each system family; the others fetch the archive from it.</summary>
    Once,

    /// <summary>On each host.</summary>
    EachHost,
}

/// <summary>PostgreSQL.</summary>
public sealed record PostgresSpecification
{
    [Text("Version, `17.N`.", "17.12", Form = TextForm.PostgresVersion, IsVersion = true)]
    public required string Version { get; init; }

    [Text(
        "SHA-256 of the source archive `postgresql-VERSION.tar.bz2`.",
        Note = "known for 17.2 to 17.12, else required",
        Form = TextForm.Checksum)]
    public required string Sha256 { get; init; }

    [Texts("Options for configure besides the prefix.", "--with-openssl", "--with-libxml", "--with-icu", "--with-systemd")]
    public required IReadOnlyList<string> ConfigureFlags { get; init; }

    [Choice("Where it is compiled: once per system family, or on each host.", "once")]
    public required BuildPlace Build { get; init; }

    [Text("Installation prefix.", "/opt/pgsql")]
    public required string Prefix { get; init; }

    [Text("Data directory; Patroni creates the instance in it.", "/opt/pgdata17")]
    public required string DataDirectory { get; init; }

    /// <summary>
    /// Where data directories are kept that pg_rewind could not mend: beside <see cref="DataDirectory"/>, its name with <c>.kept</c>.
    /// </summary>
    public string KeptDirectory => DataDirectory + ".kept";

    /// <remarks>The default is where the reference deployment's tools look for it.</remarks>
    [Text("Directory of the unix socket.", "/tmp")]
    public required string SocketDirectory { get; init; }

    /// <remarks>Values are text as in postgresql.conf. Those that Patroni owns are refused.</remarks>
    [Map("PostgreSQL parameters by name, over the defaults computed from cores and memory.")]
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    [Number("max_connections.", 200, 25, 10000)]
    public required int MaxConnections { get; init; }

    [Size("Most WAL that a lost replica's slot may pin (max_slot_wal_keep_size).", "10GB", "64MB", "64TB")]
    public required long MaxSlotWalKeepSize { get; init; }

    [Size("WAL kept for replicas without a slot (wal_keep_size).", "128MB", "16MB", "64TB")]
    public required long WalKeepSize { get; init; }

    [Text("Name of the database created for the application.", "app", Form = TextForm.SqlName)]
    public required string Database { get; init; }

    [Text("Name of the role that owns it; its password is generated.", "app", Form = TextForm.SqlName)]
    public required string Owner { get; init; }

    /// <summary>Directory of the binaries: <c>bin</c> below <see cref="Prefix"/>.</summary>
    public string BinDirectory => Prefix + "/bin";
}
