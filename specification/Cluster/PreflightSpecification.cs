namespace PostgresHa.Specification;

/// <summary>What the preflight asks of the hosts beyond what the other values imply.</summary>
public sealed record PreflightSpecification
{
    [Size("Least free space below the data directory.", "5GB", "0", "1024TB")]
    public required long DataSpace { get; init; }

    [Size("Least free space below the prefix and /var/cache, where builds happen.", "3GB", "0", "1024TB")]
    public required long BuildSpace { get; init; }

    [Flag("Whether a synchronised clock is demanded.", true)]
    public required bool Clock { get; init; }
}
