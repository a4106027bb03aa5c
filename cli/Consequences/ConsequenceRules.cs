using PostgresHa.Components;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Hosts;
using PostgresHa.Components.Remote;
using PostgresHa.Infra;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Consequences;

/// <summary>
/// What each resource comes to, by its name without the host's. A resource that is not here is a file or a unit of a service, or else it is
/// said that it is run again: nothing that is done goes unsaid.
/// </summary>
internal static class ConsequenceRules
{
    private delegate IEnumerable<Consequence> Rule(PlannedStep step, PlannedSteps all);

    // Looks, or puts down what is only used by the others.
    private static readonly Rule Nothing = static (_, _) => [];

    private static readonly Dictionary<string, Rule> Table = new(StringComparer.Ordinal)
    {
        ["host-preflight"] = Nothing,
        ["host-tools"] = Nothing,
        ["host-identity"] = Nothing,
        ["host-packages"] = Packages,
        ["host-names"] = Says($"changes the cluster's lines of {HostNames.Path}"),
        ["firewall-rules"] = Says("changes the firewall's rules; connections that are allowed stay"),
        ["firewall-disable"] = Says("stops firewalld"),
        ["watchdog-apply"] = Says("sets the watchdog up again"),
        ["postgres-build"] = Nothing,
        ["postgres-install"] = static (step, all) =>
            BuildRule.Of("postgres", Component.Postgres.Title(), all.Cluster.Postgres.Version, step, all),
        ["certificate-clients"] = Nothing,
        ["certificate-request"] = Nothing,
        ["certificate-ended"] = Nothing,
        ["etcd-build"] = Nothing,
        ["etcd-install"] = static (step, all) =>
            BuildRule.Of(
                "etcd",
                Component.Etcd.Title(),
                all.Cluster.Etcd.Method == EtcdMethod.Package ? "" : all.Cluster.Etcd.Version,
                step,
                all),
        ["etcd-certificate-request"] = Nothing,
        ["etcd-begin"] = EtcdScheme,
        ["etcd-join"] = Nothing,
        ["etcd-move"] = Nothing,
        ["etcd-end"] = Nothing,
        ["etcd-forget-user"] = Nothing,
        ["etcd-auth"] = OnNewInput("etcd", "sets users and passwords in etcd"),
        ["etcd-forget"] = Nothing,
        ["etcd-verify"] = Nothing,
        ["patroni-install"] = static (step, all) =>
            BuildRule.Of(
                "patroni",
                Component.Patroni.Title(),
                all.Cluster.Patroni.Method == PatroniMethod.Package ? "" : all.Cluster.Patroni.Version,
                step,
                all),
        ["postgres-try"] = Nothing,
        ["patroni-configure"] = Nothing,
        ["patroni-hosts"] = Nothing,
        ["patroni-renew"] = Nothing,
        ["patroni-reconcile"] = PostgresRule.Of,
        ["patroni-roles"] = OnNewInput(null, "sets roles and passwords in the database"),
        ["patroni-passwords"] = Nothing,
        ["patroni-verify"] = Nothing,
        ["pgbouncer-version"] = Nothing,
        ["pgbouncer-verify"] = Nothing,
        ["haproxy-begin"] = HAProxyChecks,
        ["haproxy-end"] = Nothing,
        ["haproxy-selinux"] = Nothing,
        ["haproxy-verify"] = Nothing,
        ["keepalived-verify"] = Nothing,
    };

    /// <summary>What a step comes to.</summary>
    public static IEnumerable<Consequence> Of(PlannedStep step, PlannedSteps all)
    {
        if (Table.TryGetValue(step.What, out var rule))
        {
            return rule(step, all);
        }

        foreach (var service in PlannedSteps.Services)
        {
            if (step.What == service.Name + "-service")
            {
                return ServiceRule.Of(service, step, all);
            }

            if (File(service, step, all) is { } file)
            {
                return Written(file, step);
            }
        }

        if (all.Host(step.Host) is { } host
            && UpgradeFiles.All(ClusterServices.All, all.Cluster, host)
                .FirstOrDefault(file => step.What == "host-" + file.Name) is { } own)
        {
            return Written(own, step);
        }

        // The files of a service that is stopped go with it.
        return step.Is(StepOperation.Delete) && PlannedSteps.Services.Any(service =>
                step.What.StartsWith(service.Name + "-", StringComparison.Ordinal)
                && all.Find(service.Name + "-service", step.Host)?.Is(StepOperation.Delete) == true)
            ? []
            : [Unknown(step)];
    }

    private static HostFile? File(ServiceDeclaration service, PlannedStep step, PlannedSteps all) =>
        all.Host(step.Host) is { } host
            ? service.Files(all.Cluster, host).FirstOrDefault(file => step.What == $"{service.Name}-{file.Name}")
            : null;

    // What a service makes of it is said of the service.
    private static IEnumerable<Consequence> Written(HostFile file, PlannedStep step) =>
        file.OnChange != FileEffect.None ? []
        : step.Is(StepOperation.Delete) ? [new(ConsequenceKind.Other, step.Host, $"removes {file.Path}", step.Step.Name)]
        : step.Is(StepOperation.Create) || step.HasNewInput || step.HasNewCommand
            ? [new(ConsequenceKind.Other, step.Host, $"writes {file.Path}", step.Step.Name)]
            : [];

    // A cluster whose state knows no such step was made when etcd had no TLS.
    private static IEnumerable<Consequence> EtcdScheme(PlannedStep step, PlannedSteps all)
    {
        var now = all.Cluster.Etcd.Tls;
        var before = step.Is(StepOperation.Create) && all.Exists("etcd-service", step.Host) ? false
            : step.OldWords is { } words ? words.Any(static word => word.Contains("https://", StringComparison.Ordinal))
            : now;
        return before == now ? []
            : [
                new(
                    ConsequenceKind.Restart,
                    step.Host,
                    $"restarts etcd three times more, one member after the other: to {(now ? "https" : "http")} by way of both",
                    step.Step.Name),
            ];
    }

    // A cluster whose state knows no such step was made when the members' API had no TLS. A host that is new has nothing to reload.
    private static IEnumerable<Consequence> HAProxyChecks(PlannedStep step, PlannedSteps all)
    {
        var changes = step.Is(StepOperation.Create)
            ? all.Cluster.Patroni.ApiTls && all.Exists("haproxy-service", step.Host)
            : step is { OldWords: { } old, NewWords: { } now } && Changes(old, now);
        return changes
            ?
            [
                new(
                    ConsequenceKind.Reload,
                    step.Host,
                    "reloads HAProxy once before: it checks Patroni's members as now and as it is to, until all have changed",
                    step.Step.Name),
            ]
            : [];

        // Otherwise than by a host that comes or goes.
        static bool Changes(IReadOnlyList<string> old, IReadOnlyList<string> now) =>
            !Check(old).SequenceEqual(Check(now))
            || Names(old).Any(one => Names(now).Any(other => one.Address == other.Address && one != other));

        static IEnumerable<string> Check(IReadOnlyList<string> words) => words.SkipWhile(static word => word != "--");

        static IEnumerable<(string Name, string Address)> Names(IReadOnlyList<string> words) =>
            words.TakeWhile(static word => word != "--").Select(static word => word.Split('=')).Where(static pair => pair.Length == 2)
                .Select(static pair => (pair[0], pair[1]));
    }

    private static IEnumerable<Consequence> Packages(PlannedStep step, PlannedSteps all)
    {
        var missing = step.OldWords is { } old && step.NewWords is { } now ? now.Except(old).ToList() : [];
        return missing.Count == 0 ? []
            : [new(ConsequenceKind.Other, step.Host, $"installs the packages {string.Join(", ", missing)}", step.Step.Name)];
    }

    private static Rule Says(string text) => (step, _) => step.Is(StepOperation.Delete)
        ? [Unknown(step)]
        : step.Is(StepOperation.Create) || step.HasNewInput || step.HasNewCommand || step.IsRerun
            ? [new(ConsequenceKind.Other, step.Host, text, step.Step.Name)]
            : [];

    private static Rule OnNewInput(string? where, string text) => (step, _) => step is { HasNewInput: true, NewInput: not null }
        ? [new(ConsequenceKind.Other, where is null ? null : step.Host, text, step.Step.Name)]
        : [];

    private static Consequence Unknown(PlannedStep step) => new(
        ConsequenceKind.Other,
        step.Host.Length == 0 ? null : step.Host,
        step.Step.Operation switch
        {
            StepOperation.Create => $"runs {step.What}",
            StepOperation.Delete => $"takes {step.What} back",
            _ => $"runs {step.What} again",
        },
        step.Step.Name);
}
