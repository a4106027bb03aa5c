using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Consequences;

/// <summary>What a previewed change comes to on each host, and for how long writes may stop.</summary>
public sealed class ConsequenceSummary
{
    private ConsequenceSummary(bool isNewCluster, IReadOnlyList<string> hosts, IReadOnlyList<Consequence> all)
    {
        IsNewCluster = isNewCluster;
        Hosts = hosts;
        All = all;
    }

    /// <summary>Whether nothing of the cluster exists yet: then everything is set up, and nothing can be hurt.</summary>
    public bool IsNewCluster { get; }

    /// <summary>Names of all hosts, those that are removed last.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>All that happens, each once, the gravest of a host first.</summary>
    public IReadOnlyList<Consequence> All { get; }

    /// <summary>For how long writes may stop, by cause; empty where they go on.</summary>
    public IReadOnlyList<WriteStop> WriteStops =>
        [.. All.Select(static one => one.Writes).OfType<WriteStop>().Distinct().OrderByDescending(static stop => stop.Worst)];

    /// <summary>What happens on a host; for null what happens on whichever leads.</summary>
    public IEnumerable<Consequence> On(string? host) => All.Where(one => one.Host == host);

    /// <summary>Finds what the steps of a preview come to.</summary>
    /// <param name="steps">All steps of the preview.</param>
    /// <param name="cluster">The cluster that they bring about.</param>
    public static ConsequenceSummary Of(IReadOnlyList<Step> steps, ClusterSpecification cluster)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(cluster);
        var planned = new PlannedSteps(steps, cluster);
        List<string> hosts = [.. cluster.Hosts.Select(static host => host.Name), .. planned.Removed];
        var found = hosts.Where(planned.IsAdded)
            .Select(static host => new Consequence(
                ConsequenceKind.SetUp, host, "is set up: every service is installed and started", "host-tools-" + host))
            .Concat(planned.All
                .Where(step => !step.Is(StepOperation.Same) && !planned.IsAdded(step.Host))
                .Where(step => !planned.Removed.Contains(step.Host) || step.What.EndsWith("-service", StringComparison.Ordinal))
                .SelectMany(step => ConsequenceRules.Of(step, planned)));
        return new(
            planned.IsNewCluster,
            hosts,
            [.. found.DistinctBy(static one => (one.Host, one.Text)).OrderBy(static one => one.Kind)]);
    }
}
