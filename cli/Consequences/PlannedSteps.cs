using PostgresHa.Components.Declarations;
using PostgresHa.Infra;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Consequences;

/// <summary>The steps of a preview by what they are for and on which host, with the cluster that they bring about.</summary>
internal sealed class PlannedSteps
{
    // The first thing that is put on a host: one that gets it new has nothing yet.
    private const string First = "host-tools";

    private readonly Dictionary<(string What, string Host), PlannedStep> _steps = [];
    private readonly HashSet<string> _added;

    public PlannedSteps(IReadOnlyList<Step> steps, ClusterSpecification cluster)
    {
        Cluster = cluster;
        var commands = steps.Where(static step => step.IsCustom && step.Type == "command:remote:Command").ToList();
        Removed =
        [
            .. commands.Where(static step => step.Operation == StepOperation.Delete)
                .Where(static step => step.Name.StartsWith(First + "-", StringComparison.Ordinal))
                .Select(static step => step.Name[(First.Length + 1)..])
                .Where(name => cluster.Hosts.All(host => host.Name != name)),
        ];
        // The longest name first: db1 is also the end of new-db1.
        List<string> hosts =
        [
            .. cluster.Hosts.Select(static host => host.Name).Concat(Removed).OrderByDescending(static name => name.Length),
        ];
        foreach (var step in commands)
        {
            var host = hosts.FirstOrDefault(name => step.Name.EndsWith("-" + name, StringComparison.Ordinal)) ?? "";
            var what = host.Length == 0 ? step.Name : step.Name[..^(host.Length + 1)];
            // Of a replaced one the creation counts.
            if (step.Operation != StepOperation.Delete || !_steps.ContainsKey((what, host)))
            {
                _steps[(what, host)] = new PlannedStep(step, what, host);
            }
        }

        _added =
        [
            .. cluster.Hosts.Select(static host => host.Name)
                .Where(name => _steps.GetValueOrDefault((First, name))?.Is(StepOperation.Create) == true),
        ];
        IsNewCluster = _added.Count == cluster.Hosts.Count && Removed.Count == 0;
    }

    public ClusterSpecification Cluster { get; }

    /// <summary>The services, also those that the cluster does not have any more.</summary>
    public static IReadOnlyList<ServiceDeclaration> Services => ClusterServices.All.All;

    /// <summary>Whether nothing of the cluster exists yet.</summary>
    public bool IsNewCluster { get; }

    /// <summary>Names of the hosts that are in the cluster no more.</summary>
    public IReadOnlyList<string> Removed { get; }

    /// <summary>All in the program's order.</summary>
    public IEnumerable<PlannedStep> All => _steps.Values.OrderBy(static step => step.Step.Sequence);

    public bool IsAdded(string host) => _added.Contains(host);

    public HostSpecification? Host(string name) => Cluster.Hosts.FirstOrDefault(host => host.Name == name);

    /// <summary>The step of a resource; null where there is none or nothing is done.</summary>
    public PlannedStep? Find(string what, string host) =>
        _steps.GetValueOrDefault((what, host)) is { } step && !step.Is(StepOperation.Same) ? step : null;

    /// <summary>Whether a resource is there before this run.</summary>
    public bool Exists(string what, string host) =>
        _steps.GetValueOrDefault((what, host)) is { } step && !step.Is(StepOperation.Create) && !step.Is(StepOperation.Delete);
}
