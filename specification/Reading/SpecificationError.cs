namespace PostgresHa.Specification;

/// <summary>What is to be said of one value of a stack's configuration: where, what, and what would be right.</summary>
/// <param name="Path">Path of the value, for instance <c>postgres-ha:cluster.hosts[1].address</c>.</param>
/// <param name="Value">The value as it was written, or the default that took its place; null where there is none.</param>
/// <param name="Problem">What is wrong with it; continues a sentence that begins with the value.</param>
/// <param name="Remedy">What to do about it, without a full stop.</param>
public abstract record SpecificationFinding(string Path, string? Value, string Problem, string Remedy)
{
    /// <summary>The finding as one line: <c>path: value problem; remedy.</c></summary>
    /// <returns>The line, without line break or any other control character.</returns>
    public sealed override string ToString() => Printable.Line($"{Path}: {(Value is null ? "" : Value + " ")}{Problem}; {Remedy}.");
}

/// <summary>One thing that is wrong, for which the configuration is refused.</summary>
/// <inheritdoc/>
public sealed record SpecificationError(
    string Path, string? Value, string Problem, string Remedy) : SpecificationFinding(Path, Value, Problem, Remedy);

/// <summary>One thing that is accepted and yet should be changed.</summary>
/// <inheritdoc/>
public sealed record SpecificationWarning(
    string Path, string? Value, string Problem, string Remedy) : SpecificationFinding(Path, Value, Problem, Remedy);

/// <summary>What reading a stack's configuration gave: the specification, or every error found.</summary>
public sealed record SpecificationResult
{
    /// <summary>The specification; null when there is any error.</summary>
    public ClusterSpecification? Specification { get; init; }

    /// <summary>All errors, in the order of the configuration's keys; empty when there is a specification.</summary>
    public required IReadOnlyList<SpecificationError> Errors { get; init; }

    /// <summary>All warnings; there may be some beside a specification as well as beside errors.</summary>
    public IReadOnlyList<SpecificationWarning> Warnings { get; init; } = [];
}
