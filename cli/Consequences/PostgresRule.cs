using PostgresHa.Cli.Status;
using PostgresHa.Components;
using PostgresHa.Offline;
using PostgresHa.Specification;
using YamlDotNet.Core;

namespace PostgresHa.Cli.Consequences;

/// <summary>
/// What the tool <c>patroni-reconcile</c> does: it brings the dynamic configuration into the cluster and restarts PostgreSQL where that or
/// other programs ask for it, replicas first, then the leader by switchover; in place where a value becomes less that no replica may have
/// less of than its leader.
/// </summary>
internal static class PostgresRule
{
    private const string Parameters = "postgresql.parameters.";
    private const string Slots = "slots.";

    // patroni.yml's own settings that PostgreSQL reads at a start only.
    private static readonly string[] OfAStart = ["postgresql.listen", "postgresql.parameters.unix_socket_directories"];

    public static IEnumerable<Consequence> Of(PlannedStep step, PlannedSteps all)
    {
        var members = all.Cluster.Hosts.Select(static host => host.Name).Where(host => all.Exists("patroni-service", host)).ToList();
        if (step.Is(StepOperation.Delete) || members.Count == 0)
        {
            return [];
        }

        var name = step.Step.Name;
        if (step.Is(StepOperation.Create) || Before(step) is not { } before)
        {
            return Uncertain(members, "what its parameters were is not recorded", name, all.Cluster);
        }

        var asked = DynamicSettings.Flat(PatroniFiles.DynamicConfiguration(all.Cluster));
        var changed = before.Count == 0 ? [] : before.Keys.Union(asked.Keys).Order(StringComparer.Ordinal)
            .Where(key => before.GetValueOrDefault(key) != asked.GetValueOrDefault(key)).ToList();
        var parameters = changed.Where(static key => key.StartsWith(Parameters, StringComparison.Ordinal))
            .Select(key => new ParameterChange(key[Parameters.Length..], before.GetValueOrDefault(key), asked.GetValueOrDefault(key)))
            .ToList();
        string[] others = [.. changed.Where(static key => !key.StartsWith(Parameters, StringComparison.Ordinal))];

        var restarts = members.ToDictionary(static host => host, host => Reasons(host, parameters, step, all).ToList());
        List<Consequence> found = [.. Restarted(restarts, parameters, name, all.Cluster)];
        var unknown = Names(parameters, ParameterEffect.Unknown);
        if (found.Count == 0 && (unknown.Length > 0 || step.IsRerun || InstallMayDiffer(members, all)))
        {
            found =
            [
                .. Uncertain(
                    members,
                    unknown.Length > 0 ? $"{unknown}: an extension's"
                    : step.IsRerun ? ServiceRule.Why(step)
                    : "an installation did not end",
                    name,
                    all.Cluster),
            ];
        }

        var reloaded = string.Join(
            ", ", new[] { Names(parameters, ParameterEffect.Reload), unknown }.Where(static names => names.Length > 0));
        if (reloaded.Length > 0)
        {
            found.AddRange(members.Select(host => new Consequence(ConsequenceKind.Reload, host, $"reloads PostgreSQL ({reloaded})", name)));
        }

        return [.. found, .. Settings(others, before, asked, name)];
    }

    // By host why its PostgreSQL is owed a restart.
    private static IEnumerable<string> Reasons(
        string host, IReadOnlyList<ParameterChange> parameters, PlannedStep step, PlannedSteps all)
    {
        if (Names(parameters, ParameterEffect.Restart) is { Length: > 0 } names)
        {
            yield return names;
        }

        if (BuildRule.IsAnother("postgres", host, all))
        {
            yield return $"PostgreSQL {all.Cluster.Postgres.Version}, another build";
        }
        else if (step.NewInput is { } now && Installed(step.OldInput, host) is { } old && Installed(now, host) != old)
        {
            yield return "the build that was installed last";
        }

        if (all.Find("patroni-config", host) is { HasNewInput: true, NewInput: { } config } file && file.OldInput.Length > 0)
        {
            var (before, after) = (DynamicSettings.Flat(file.OldInput), DynamicSettings.Flat(config));
            foreach (var key in OfAStart.Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key)))
            {
                yield return key.Split('.')[^1];
            }
        }
    }

    private static IEnumerable<Consequence> Restarted(
        Dictionary<string, List<string>> reasons,
        IReadOnlyList<ParameterChange> parameters,
        string resource,
        ClusterSpecification cluster)
    {
        var hosts = reasons.Where(static entry => entry.Value.Count > 0).ToList();
        if (hosts.Count == 0)
        {
            yield break;
        }

        foreach (var (host, why) in hosts)
        {
            yield return new(ConsequenceKind.RestartPostgres, host, $"restarts PostgreSQL ({string.Join(", ", why)})", resource);
        }

        var first = parameters.Where(static parameter => parameter.IsLeaderFirst).Select(static parameter => parameter.Name).ToList();
        if (first.Count > 0)
        {
            yield return new(
                ConsequenceKind.RestartPostgres,
                null,
                $"restarts PostgreSQL in place and stays the leader ({string.Join(", ", first)} becomes less)",
                resource)
            {
                Writes = new("PostgreSQL restarts on the leader", FailoverBudget.RestartInPlace(cluster).Total),
            };
        }
        else
        {
            yield return HandOver(hosts.Count == reasons.Count, resource, cluster);
        }
    }

    private static IEnumerable<Consequence> Uncertain(
        IEnumerable<string> hosts, string why, string resource, ClusterSpecification cluster) =>
    [
        .. hosts.Select(host =>
            new Consequence(ConsequenceKind.RestartPostgres, host, $"may restart PostgreSQL ({why})", resource) { IsCertain = false }),
        HandOver(isCertain: false, resource, cluster),
    ];

    private static Consequence HandOver(bool isCertain, string resource, ClusterSpecification cluster) => new(
        ConsequenceKind.HandOver,
        null,
        isCertain ? "hands over the lead to a replica, when all replicas have restarted"
            : "hands over the lead to a replica, if its own PostgreSQL has to restart",
        resource)
    {
        IsCertain = isCertain,
        Writes = new("the lead is handed over", FailoverBudget.Of(cluster).First(static scenario => scenario.Name == "switchover").Total),
    };

    private static IEnumerable<Consequence> Settings(
        IReadOnlyList<string> changed,
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> asked,
        string resource)
    {
        var gone = SlotNames(before).Except(SlotNames(asked)).ToList();
        foreach (var slot in gone)
        {
            yield return new(ConsequenceKind.Other, null, $"drops the replication slot {slot}", resource);
        }

        foreach (var slot in SlotNames(asked).Except(SlotNames(before)))
        {
            yield return new(ConsequenceKind.Other, null, $"makes the replication slot {slot}", resource);
        }

        List<string> settings = [.. changed.Where(static key => !key.StartsWith(Slots, StringComparison.Ordinal))];
        if (settings.Count > 0)
        {
            yield return new(
                ConsequenceKind.Other,
                null,
                $"changes the cluster's settings of Patroni ({string.Join(", ", settings)}), which every member reads in its next round",
                resource);
        }
    }

    private static List<string> SlotNames(IReadOnlyDictionary<string, string> settings) =>
    [
        .. settings.Keys.Where(static key => key.StartsWith(Slots, StringComparison.Ordinal))
            .Select(static key => key.Split('.')[1]).Distinct(),
    ];

    private static string Names(IEnumerable<ParameterChange> parameters, ParameterEffect effect) =>
        string.Join(", ", parameters.Where(parameter => parameter.Effect == effect).Select(static parameter => parameter.Name));

    private static bool InstallMayDiffer(IEnumerable<string> members, PlannedSteps all) =>
        members.Any(host => BuildRule.MayBeAnother("postgres", host, all));

    // Nothing where the input stays as it is; null where there was none.
    private static IReadOnlyDictionary<string, string>? Before(PlannedStep step)
    {
        try
        {
            return !step.HasNewInput ? new Dictionary<string, string>()
                : step.OldInput.Length > 0 ? DynamicSettings.Flat(step.OldInput)
                : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    // The line of a host in the second document; null where there is none, as of a host that was not there.
    private static string? Installed(string input, string host)
    {
        var line = PatroniFiles.InstalledSince(host, "installed= since=");
        var mark = line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)];
        return input[(input.IndexOf("\n---\n", StringComparison.Ordinal) + 1)..].Split('\n')
            .FirstOrDefault(found => found.StartsWith(mark, StringComparison.Ordinal));
    }
}
