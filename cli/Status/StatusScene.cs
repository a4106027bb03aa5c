using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>All answers together, and what several checks need of them.</summary>
internal sealed class StatusScene
{
    private readonly Dictionary<string, HostAnswer> _answers;

    public StatusScene(
        string stack,
        ClusterSpecification cluster,
        IReadOnlyList<HostAnswer> answers,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? drift)
    {
        Stack = stack;
        Cluster = cluster;
        Drift = drift;
        _answers = answers.ToDictionary(static answer => answer.Host, StringComparer.Ordinal);
        Reports =
        [
            .. cluster.Hosts.Select(host => (Host: host, Report: Report(host.Name))).Where(static pair => pair.Report is not null)
                .Select(static pair => (pair.Host, pair.Report!)),
        ];
        Holders = [.. Reports.Where(static pair => pair.Report.Vip).Select(static pair => pair.Host.Name)];

        // Whoever leads knows best; a member cut off from etcd may show an old picture.
        var views = Reports.Where(static pair => pair.Report.Patroni.Cluster is { Members.Count: > 0 })
            .Select(static pair => (pair.Host.Name, Cluster: pair.Report.Patroni.Cluster!)).ToList();
        View = views.FirstOrDefault(view => view.Cluster.Members.Any(member => IsLeader(member) && member.Name == view.Name)).Cluster
            ?? views.FirstOrDefault().Cluster;
        Leader = View?.Members.FirstOrDefault(IsLeader);
    }

    public string Stack { get; }

    public ClusterSpecification Cluster { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Drift { get; }

    /// <summary>The hosts that answered, in the order of the stack file.</summary>
    public IReadOnlyList<(HostSpecification Host, HostReport Report)> Reports { get; }

    /// <summary>The hosts that carry the virtual IP.</summary>
    public IReadOnlyList<string> Holders { get; }

    /// <summary>The cluster as Patroni sees it; null when no Patroni answered.</summary>
    public PatroniCluster? View { get; }

    public PatroniMember? Leader { get; }

    public HostReport? Report(string host) => _answers.TryGetValue(host, out var answer) ? answer.Report : null;

    public string? Failure(string host) => _answers.TryGetValue(host, out var answer) ? answer.Failure : "was not asked";

    public PatroniMember? Member(string host) => View?.Members.FirstOrDefault(member => member.Name == host);

    public static bool IsLeader(PatroniMember member) => member.Role is "leader" or "standby_leader" or "master" or "primary";

    public static Problem Error(string? host, string message, string hint) => new(ProblemSeverity.Error, host, message, hint);

    public static Problem Warning(string? host, string message, string hint) => new(ProblemSeverity.Warning, host, message, hint);
}
