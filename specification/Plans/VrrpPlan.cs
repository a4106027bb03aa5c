namespace PostgresHa.Specification;

/// <summary>What keepalived is told about priorities: the one place that computes it.</summary>
public static class VrrpPlan
{
    /// <summary>
    /// By how much a failed check lowers a priority beyond the largest gap between two hosts. One would do; ten keeps room for somebody
    /// who adjusts a priority by hand while looking for a fault.
    /// </summary>
    public const int Margin = 10;

    /// <summary>The largest difference between the priorities of two hosts that take part in VRRP.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <returns>0 where all are equal.</returns>
    public static int PriorityGap(ClusterSpecification cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return Gap(cluster.VrrpHosts);
    }

    /// <summary>
    /// What a failed check adds to a host's priority: negative, and larger than <see cref="PriorityGap"/>, so that a host whose HAProxy
    /// does not serve always falls below one whose does.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <returns>The weight for <c>vrrp_script</c>.</returns>
    public static int Weight(ClusterSpecification cluster) => -(PriorityGap(cluster) + Margin);

    /// <summary>
    /// The lowest priority a host may have: keepalived cuts what falls below 1, and then two hosts could be equal again.
    /// </summary>
    internal const int LowestPriority = Margin + 1;

    internal static int Gap(IReadOnlyList<HostSpecification> hosts) =>
        hosts.Count == 0 ? 0 : hosts.Max(host => host.Priority) - hosts.Min(host => host.Priority);
}
