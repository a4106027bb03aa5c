namespace PostgresHa.Specification;

/// <summary>What is wrong with one value.</summary>
internal sealed record Complaint(string Problem, string Remedy);
