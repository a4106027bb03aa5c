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
    [Text("Version without `v`, 3.5 or later.", "3.5.33", Form = TextForm.EtcdVersion)]
    public required string Version { get; init; }

    /// <summary>
    /// The least version that works: 3.4 has no <c>etcdctl auth status</c>, without which a run cannot tell whether passwords are asked
    /// for.
    /// </summary>
    public const string LeastVersion = "3.5.0";

    [Choice("How it is installed: compiled from the tag's source, the project's release archive, or the distribution's package.", "source")]
    public required EtcdMethod Method { get; init; }

    [Text(
        "SHA-256 of the source or release archive.",
        Note = "known for 3.5.12 to 3.5.33, else required; not used for `package`",
        Form = TextForm.Checksum)]
    public string? Sha256 { get; init; }

    [Choice("Where it is compiled: once per system family, or on each host.", "once")]
    public required BuildPlace Build { get; init; }

    [Choice(
        "Where the Go libraries of a source build come from: a module proxy (`mirrors.go`), or the distribution's packages (Debian "
        + "family only).",
        "modules")]
    public required GoLibraries GoLibraries { get; init; }

    /// <remarks>Without the patches a source build with the distribution's libraries does not compile.</remarks>
    [Text(
        "SHA-256 of the archive of the distribution's patches beside the source archive (`.debian.tar.xz`), for `goLibraries: "
        + "distribution`.",
        Note = "no patches",
        Form = TextForm.Checksum)]
    public string? PatchesSha256 { get; init; }

    [Text("Data directory.", "/var/lib/etcd")]
    public required string DataDirectory { get; init; }

    [Flag(
        "Whether its clients and its members come with TLS, each with a certificate of the stack's authority. A cluster that serves is "
        + "changed without an outage, both ways.",
        true)]
    public required bool Tls { get; init; }

    [Duration("Time between a leader's heartbeats; about the longest round trip between the hosts.", "100ms", "5ms", "10s")]
    public required TimeSpan HeartbeatInterval { get; init; }

    [Duration("Time without heartbeat after which a member stands for election; at least five heartbeats.", "1s", "25ms", "50s")]
    public required TimeSpan ElectionTimeout { get; init; }

    [Size("Largest database (quota-backend-bytes).", "2GB", "64MB", "8GB")]
    public required long QuotaBackendBytes { get; init; }

    [Number("Number of changes after which a snapshot is taken.", 10000, 1000, 10_000_000)]
    public required int SnapshotCount { get; init; }
}
