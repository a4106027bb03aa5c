using PostgresHa.Components;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>
/// What runs where: known holes, versions that do not work together, that differ from the stack file's or between hosts.
/// </summary>
internal static class VersionChecks
{
    public static IEnumerable<Problem> Find(StatusScene scene)
    {
        List<(string Host, ComponentReport Report)> all =
        [
            .. scene.Reports.SelectMany(static pair => pair.Report.Components.Select(report => (pair.Host.Name, report))),
        ];
        return [.. Clashes(scene, all), .. Holes(scene, all), .. Unlike(scene, all), .. Uneven(scene, all), .. Replaced(all)];
    }

    private static IEnumerable<Problem> Holes(StatusScene scene, List<(string Host, ComponentReport Report)> all)
    {
        var found = all
            .Select(static pair => (pair.Host, pair.Report, Version: ComponentVersion.Parse(pair.Report.Version)))
            .Where(static pair => pair.Version is not null)
            // What runs is not what the package's changelog speaks of once that has been renewed below it.
            .Select(
                static pair => (
                    pair.Host,
                    pair.Report,
                    pair.Version,
                    Holes: KnownHoles.Of(pair.Report.Component, pair.Version!, pair.Report.Replaced ? [] : pair.Report.Mends)))
            .Where(static pair => pair.Holes.Count > 0)
            .GroupBy(static pair => (pair.Report.Component, pair.Report.Shown, Sentence: KnownHoles.Sentence(pair.Holes)));
        foreach (var group in found)
        {
            var (_, _, version, holes) = group.First();
            var mended = KnownHoles.MendedIn(holes, version!);
            yield return Warning(
                group.Key.Component,
                $"{group.Key.Component.Title()} {group.Key.Shown} on {Names(group.Select(static pair => pair.Host))} {group.Key.Sentence}",
                Stated(scene.Cluster, group.Key.Component) is { } stated
                    ? mended is null
                        ? $"see the addresses above; no release mends it yet"
                        : $"set {stated.Path} to {mended} or later in Pulumi.{scene.Stack}.yaml and apply it"
                    : "renew its package there; what the package's changelog names as mended is not counted");
        }
    }

    private static IEnumerable<Problem> Clashes(StatusScene scene, List<(string Host, ComponentReport Report)> all)
    {
        List<Version?> patroni = [.. Versions(Component.Patroni)];
        var clash = Versions(Component.Etcd).OfType<Version>()
            .SelectMany(
                etcd => patroni.DefaultIfEmpty(null).Select(other => (Etcd: etcd, Patroni: other, Clash: KnownClashes.Of(etcd, other))))
            .FirstOrDefault(static found => found.Clash is not null);
        if (clash.Clash is { } known)
        {
            yield return StatusScene.Error(
                null,
                $"etcd {clash.Etcd} {known.Problem}" + (known.PatroniRemedy is null ? "" : $" (Patroni {clash.Patroni})"),
                $"bring etcd to {known.EtcdRemedy}{(known.PatroniRemedy is null ? "" : $", or Patroni to {known.PatroniRemedy}")}: by "
                + $"its version in Pulumi.{scene.Stack}.yaml, or by the hosts' packages")
                with
            { Version = Component.Etcd };
        }

        IEnumerable<Version?> Versions(Component component) =>
            all.Where(pair => pair.Report.Component == component).Select(static pair => ComponentVersion.Parse(pair.Report.Version))
                .Distinct();
    }

    private static IEnumerable<Problem> Unlike(StatusScene scene, List<(string Host, ComponentReport Report)> all)
    {
        foreach (var group in all.GroupBy(static pair => (pair.Report.Component, pair.Report.Version)))
        {
            if (Stated(scene.Cluster, group.Key.Component) is { } stated
                && ComponentVersion.Parse(group.Key.Version) != ComponentVersion.Parse(stated.Version))
            {
                var restart = group.Key.Component == Component.Postgres
                    ? $"; PostgreSQL takes a new version up when it is restarted: sudo {PatroniFiles.ControlPath} restart "
                        + $"{scene.Cluster.Name} {group.First().Host}"
                    : "";
                yield return Warning(
                    group.Key.Component,
                    $"{group.Key.Component.Title()} on {Names(group.Select(static pair => pair.Host))} is {group.Key.Version}, "
                    + $"Pulumi.{scene.Stack}.yaml says {stated.Version}",
                    $"apply the stack: ./pgha up --stack {scene.Stack}{restart}");
            }
        }
    }

    private static IEnumerable<Problem> Uneven(StatusScene scene, List<(string Host, ComponentReport Report)> all) => all
        .GroupBy(static pair => pair.Report.Component)
        .Where(group => Stated(scene.Cluster, group.Key) is null && group.Select(static pair => pair.Report.Shown).Distinct().Count() > 1)
        .Select(static group => Warning(
            group.Key,
            $"{group.Key.Title()} is not the same everywhere: {Where(group.Select(static pair => (pair.Host, pair.Report.Shown)))}",
            "bring the hosts' packages to one level"));

    private static IEnumerable<Problem> Replaced(List<(string Host, ComponentReport Report)> all) => all
        .Where(static pair => pair.Report.Replaced)
        .Select(static pair => Warning(
            pair.Report.Component,
            $"{pair.Report.Component.Title()} on {pair.Host} still runs the program that was there before its package was renewed",
            $"on {pair.Host}: systemctl restart {pair.Report.Component.ToString().ToLowerInvariant()}"));

    /// <summary>Versions with the hosts that run them: <c>2.6.12 on mdw, standby; 2.8.3 on standby1</c>.</summary>
    internal static string Where(IEnumerable<(string Host, string Version)> pairs) =>
        string.Join(
            "; ",
            pairs.GroupBy(static pair => pair.Version)
                .Select(static group => $"{group.Key} on {Names(group.Select(static pair => pair.Host))}"));

    // The version that the stack file decides, and where; null where the distribution does.
    private static (string Path, string Version)? Stated(ClusterSpecification cluster, Component component) => component switch
    {
        Component.Postgres => ("postgres.version", cluster.Postgres.Version),
        Component.Etcd when cluster.Etcd.Method != EtcdMethod.Package => ("etcd.version", cluster.Etcd.Version),
        Component.Patroni when cluster.Patroni.Method != PatroniMethod.Package => ("patroni.version", cluster.Patroni.Version),
        _ => null,
    };

    private static string Names(IEnumerable<string> hosts) => string.Join(", ", hosts);

    private static Problem Warning(Component component, string message, string hint) =>
        StatusScene.Warning(null, message, hint) with { Version = component };
}
