namespace PostgresHa.Specification;

/// <summary>How etcd is installed.</summary>
public enum EtcdMethod
{
    /// <summary>Compiled from the tag's source archive.</summary>
    Source,

    /// <summary>The project's release archive.</summary>
    Archive,

    /// <summary>The distribution's package.</summary>
    Package,
}

/// <summary>Where the Go libraries for an etcd build come from.</summary>
public enum GoLibraries
{
    /// <summary>A Go module proxy (<c>mirrors.go</c>).</summary>
    Modules,

    /// <summary>The distribution's golang-*-dev packages (Debian family only): for networks without a module proxy.</summary>
    Distribution,
}

/// <summary>etcd.</summary>
public sealed record EtcdSpecification
{
    /// <summary>Version without <c>v</c>. At least 3.5. Default 3.5.33.</summary>
    public required string Version { get; init; }

    /// <summary>The least version that works: 3.4 has no <c>etcdctl auth status</c>, without which a run cannot tell whether passwords are asked for.</summary>
    public const string LeastVersion = "3.5.0";

    /// <summary>How it is installed. Default <see cref="EtcdMethod.Source"/>.</summary>
    public required EtcdMethod Method { get; init; }

    /// <summary>SHA-256 of the source or release archive. Known for 3.5.12 to 3.5.33, required for any other; null when method is package.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where a source build happens. Default <see cref="BuildPlace.Once"/>.</summary>
    public required BuildPlace Build { get; init; }

    /// <summary>Go libraries for a source build. Default <see cref="GoLibraries.Modules"/>.</summary>
    public required GoLibraries GoLibraries { get; init; }

    /// <summary>
    /// SHA-256 of the archive of the distribution's patches, without which a source build with its libraries does not compile; it lies beside the
    /// source archive, <c>.tar.gz</c> replaced by <c>.debian.tar.xz</c>. Null: no patches.
    /// </summary>
    public string? PatchesSha256 { get; init; }

    /// <summary>Data directory. Default <c>/var/lib/etcd</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Time between a leader's heartbeats. Default 100 ms.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>Time without heartbeat after which a member stands for election; at least five heartbeats. Default 1 s.</summary>
    public required TimeSpan ElectionTimeout { get; init; }

    /// <summary>Largest database in bytes (quota-backend-bytes). Default 2 GB.</summary>
    public required long QuotaBackendBytes { get; init; }

    /// <summary>Number of changes after which a snapshot is taken (snapshot-count). Default 10000.</summary>
    public required int SnapshotCount { get; init; }
}
