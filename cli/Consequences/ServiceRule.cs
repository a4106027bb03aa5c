using PostgresHa.Components;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Consequences;

/// <summary>
/// What happens to a service's unit: the tool <c>service-apply</c> restarts or reloads it for each line that it does not run with yet, and
/// does nothing where there is none.
/// </summary>
internal static class ServiceRule
{
    private const string Version = "version ";

    // The unit lets transactions under way end, so long at most, and is up within a second.
    private static readonly TimeSpan PgBouncerStops = TimeSpan.FromSeconds(11);

    // While its API is not open again, HAProxy takes no connection for the member.
    private static readonly TimeSpan PatroniRestarts = TimeSpan.FromSeconds(2);

    private sealed record Line(FileEffect Effect, string Fingerprint, string? Path);

    /// <summary>What a service is called.</summary>
    public static string Title(ServiceDeclaration service) => service.Program?.Title() ?? service.Name;

    public static IEnumerable<Consequence> Of(ServiceDeclaration service, PlannedStep step, PlannedSteps all)
    {
        var name = step.Step.Name;
        switch (step.Step.Operation)
        {
            case StepOperation.Create or StepOperation.Replace:
                return [new(ConsequenceKind.Start, step.Host, $"starts {Title(service)}", name)];
            case StepOperation.Delete:
                return [Stopped(service, step, all)];
        }

        var lines = New(service, step, all);
        var causes = lines.Where(static line => line.Effect == FileEffect.Restart).ToList();
        if (causes.Count > 0)
        {
            return [Restarted(service, step, all, $"restarts {Title(service)} ({Causes(service, causes)}){Aside(service)}", true)];
        }

        if (lines.Count > 0)
        {
            return [Reloaded(service, step, all, Causes(service, lines))];
        }

        // Who could have changed, it is not known to what, and whose last run is not known to have ended.
        var why = step.IsRerun ? Why(step)
            : step.HasNewInput && step.NewInput is null && MayBeAnother(service, step, all) ? "its programs may be others by then"
            : null;
        return why is null ? [] : [Restarted(service, step, all, $"may restart {Title(service)} ({why}){Aside(service)}", false)];
    }

    /// <summary>Why something is run although nothing about it is new.</summary>
    public static string Why(PlannedStep step) => step.Step.Reason is null ? "reapply was raised" : "its last run did not end";

    /// <summary>The lines that the unit does not run with.</summary>
    private static List<Line> New(ServiceDeclaration service, PlannedStep step, PlannedSteps all)
    {
        if (!step.HasNewInput)
        {
            return [];
        }

        var old = Lines(service, step.OldInput, step.OldWords, step, all).ToList();
        // Compared, never shown: the fingerprint of a secret is one.
        return step.NewInput is { } text
            ? [.. Lines(service, text, step.NewWords, step, all).Except(old).Where(line => IsKnown(line.Path) || IsWritten(line.Path))]
            : [.. Foreseen(service, step, all, old)];

        // One that was not watched before, and does not change, the process has read.
        bool IsKnown(string? path) => path is null || old.Any(line => line.Path == path);

        bool IsWritten(string? path) =>
            Files(service, step, all).Any(one => one.File.Path == path && all.Find(one.Resource, step.Host) is not null);
    }

    private static IEnumerable<Line> Lines(
        ServiceDeclaration service, string text, IReadOnlyList<string>? words, PlannedStep step, PlannedSteps all)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Version, StringComparison.Ordinal))
            {
                yield return new Line(FileEffect.Restart, line[Version.Length..], null);
            }
            else if (line.Split(' ', 3) is ["file", var print, var path])
            {
                yield return new Line(Effect(path), print, path);
            }
        }

        // As the command says; one that does not change says what the service declares.
        FileEffect Effect(string path) =>
            words is null ? Files(service, step, all).FirstOrDefault(one => one.File.Path == path).File?.OnChange ?? FileEffect.Restart
            : words.Zip(words.Skip(1)).Contains(("--reload", path)) ? FileEffect.Reload
            : FileEffect.Restart;
    }

    /// <summary>What will be in an input that is not known before something else has run.</summary>
    private static IEnumerable<Line> Foreseen(ServiceDeclaration service, PlannedStep step, PlannedSteps all, IEnumerable<Line> old)
    {
        foreach (var (resource, file) in Files(service, step, all).Where(static one => one.File.OnChange != FileEffect.None))
        {
            if (all.Find(resource, step.Host) is { HasNewInput: true })
            {
                yield return new Line(file.OnChange, "", file.Path);
            }
        }

        var known = old.Where(static line => line.Path is null).Select(static line => line.Fingerprint).ToHashSet();
        var versions = all.Host(step.Host) is { } host
            ? service.Units(all.Cluster, host).Where(static unit => !unit.IsForeign).Take(1).SelectMany(static unit => unit.Versions)
            : [];
        if (versions.Any(version => !known.Contains(Fingerprints.Of(version))) || BuildRule.IsAnother(service.Name, step.Host, all))
        {
            yield return new Line(FileEffect.Restart, "", null);
        }
    }

    private static bool MayBeAnother(ServiceDeclaration service, PlannedStep step, PlannedSteps all) =>
        all.Find($"{service.Name}-install", step.Host) is null || BuildRule.MayBeAnother(service.Name, step.Host, all);

    // Its own files and those of others that it reads, with the names of their resources.
    private static IEnumerable<(string Resource, HostFile File)> Files(ServiceDeclaration service, PlannedStep step, PlannedSteps all) =>
        all.Host(step.Host) is { } host
            ? service.Reads(all.Cluster).Prepend(service)
                .SelectMany(one => one.Files(all.Cluster, host).Select(file => (
                    $"{one.Name}-{file.Name}",
                    one == service ? file : file with { OnChange = service.ReadEffect(file) })))
            : [];

    private static string Causes(ServiceDeclaration service, IEnumerable<Line> lines) => string.Join(
        ", ",
        lines.Select(line => line.Path
            ?? (service == PgBouncer.Declaration ? "its address" : service == Etcd.Declaration ? "its programs" : "its version"))
            .Distinct());

    private static string Aside(ServiceDeclaration service) =>
        service == Patroni.Declaration ? "; PostgreSQL runs on"
        : service == HAProxy.Declaration ? "; connections through it are cut"
        : service == PgBouncer.Declaration ? "; pooled connections through it are cut"
        : "";

    private static Consequence Restarted(ServiceDeclaration service, PlannedStep step, PlannedSteps all, string text, bool isCertain) =>
        new(ConsequenceKind.Restart, step.Host, text, step.Step.Name)
        {
            IsCertain = isCertain,
            Writes = service == HAProxy.Declaration
                ? Stop("HAProxy restarts where the virtual IP is", Scenario(all, "haproxy-stopped").Total)
                : service == PgBouncer.Declaration
                    ? Stop("PgBouncer restarts on the leader's host (pooled ports only)", PgBouncerStops)
                : service == Patroni.Declaration
                    ? Stop("Patroni restarts on the leader's host", PatroniRestarts)
                    : null,
        };

    private static Consequence Reloaded(ServiceDeclaration service, PlannedStep step, PlannedSteps all, string causes)
    {
        var moves = service == Keepalived.Declaration && VipRule.MayMove(step.Host, all);
        return new Consequence(
            ConsequenceKind.Reload,
            step.Host,
            $"reloads {Title(service)} ({causes}){(moves ? "; the virtual IP may move" : "")}",
            step.Step.Name)
        {
            Writes = moves ? Stop("the virtual IP moves", Scenario(all, "vip-holder-lost").Terms[0].Time) : null,
        };
    }

    private static Consequence Stopped(ServiceDeclaration service, PlannedStep step, PlannedSteps all) =>
        new(
            ConsequenceKind.Stop,
            step.Host,
            $"stops {Title(service)}{(service == Patroni.Declaration ? " and with it PostgreSQL" : "")}",
            step.Step.Name)
        {
            Writes = service == Patroni.Declaration
                ? Stop($"another member takes over, if {step.Host} leads", Scenario(all, "patroni-stopped").Total)
                : null,
        };

    private static WriteStop Stop(string reason, TimeSpan worst) => new(reason, worst);

    private static FailoverScenario Scenario(PlannedSteps all, string name) =>
        FailoverBudget.Of(all.Cluster).First(scenario => scenario.Name == name);
}
