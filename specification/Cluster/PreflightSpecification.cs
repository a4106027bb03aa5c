namespace PostgresHa.Specification;

/// <summary>What the preflight asks of the hosts beyond what the other values imply.</summary>
public sealed record PreflightSpecification
{
    /// <summary>Least free space in bytes below the data directory. Default 5 GB.</summary>
    public required long DataSpace { get; init; }

    /// <summary>Least free space in bytes below the prefix and /var/cache, where builds happen. Default 3 GB.</summary>
    public required long BuildSpace { get; init; }

    /// <summary>Whether a synchronised clock is demanded. Default true.</summary>
    public required bool Clock { get; init; }
}
