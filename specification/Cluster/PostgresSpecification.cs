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
    /// <summary>Version, <c>17.N</c>. Default 17.12.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the source archive, 64 hexadecimal digits. Known for many versions, required for any other.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Options for configure besides the prefix. Default <c>--with-openssl --with-libxml --with-icu --with-systemd</c>.</summary>
    public required IReadOnlyList<string> ConfigureFlags { get; init; }

    /// <summary>Where the build happens. Default <see cref="BuildPlace.Once"/>.</summary>
    public required BuildPlace Build { get; init; }

    /// <summary>Installation prefix. Default <c>/opt/pgsql</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary>Data directory; Patroni creates the instance in it. Default <c>/opt/pgdata17</c>. Never inside <see cref="Prefix"/>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where data directories are kept that pg_rewind could not mend: beside <see cref="DataDirectory"/>, its name with <c>.kept</c>.</summary>
    public string KeptDirectory => DataDirectory + ".kept";

    /// <summary>Directory of the unix socket. Default <c>/tmp</c>, where the reference deployment's tools look for it.</summary>
    public required string SocketDirectory { get; init; }

    /// <summary>
    /// PostgreSQL parameters by name, over the defaults computed from cores and memory. Those that Patroni owns are refused. Values are text
    /// as in postgresql.conf.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>max_connections, at least 25. Default 200.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Most WAL in bytes that a lost replica's slot may pin (max_slot_wal_keep_size). Default 10 GB.</summary>
    public required long MaxSlotWalKeepSize { get; init; }

    /// <summary>WAL in bytes kept for replicas without a slot (wal_keep_size), at least 16 MB. Default 128 MB.</summary>
    public required long WalKeepSize { get; init; }

    /// <summary>Name of the database created for the application. Default <c>app</c>.</summary>
    public required string Database { get; init; }

    /// <summary>Name of the role that owns it; its password is generated. Default <c>app</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>Directory of the binaries: <c>bin</c> below <see cref="Prefix"/>.</summary>
    public string BinDirectory => Prefix + "/bin";
}
