namespace PostgresHa.Specification;

/// <summary>A value by which a host is known, and which the stack has changed.</summary>
/// <param name="Key">Its path below the cluster, or <see cref="ClusterIdentity.Member"/>.</param>
/// <param name="Former">The host's own value.</param>
/// <param name="Wanted">The stack's.</param>
/// <param name="CanMove">Whether <c>pgha migrate</c> brings the host there.</param>
public sealed record HostDifference(string Key, string Former, string Wanted, bool CanMove);
