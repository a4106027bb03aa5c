namespace PostgresHa.Specification;

/// <summary>One thing that is wrong in a stack's configuration: where, what, and what would be right.</summary>
/// <param name="Path">Path of the value, for instance <c>postgres-ha:cluster.hosts[1].address</c>.</param>
/// <param name="Value">The value as it was written, or the default that took its place; null where there is none.</param>
/// <param name="Problem">What is wrong with it; continues a sentence that begins with the value.</param>
/// <param name="Remedy">What to do about it, without a full stop.</param>
public sealed record SpecificationError(string Path, string? Value, string Problem, string Remedy)
{
    /// <summary>The error as one line: <c>path: value problem; remedy.</c></summary>
    /// <returns>The line, without line break or any other control character.</returns>
    public override string ToString() => Printable.Line($"{Path}: {(Value is null ? "" : Value + " ")}{Problem}; {Remedy}.");
}

/// <summary>What reading a stack's configuration gave: the specification, or every error found.</summary>
public sealed record SpecificationResult
{
    /// <summary>The specification; null when there is any error.</summary>
    public ClusterSpecification? Specification { get; init; }

    /// <summary>All errors, in the order of the configuration's keys; empty when there is a specification.</summary>
    public required IReadOnlyList<SpecificationError> Errors { get; init; }
}
