using System.Globalization;
using PostgresHa.Components;
using PostgresHa.Specification;
using Spectre.Console;

namespace PostgresHa.Cli.Status;

/// <summary>Shows a cluster's state to people: the verdict, what is wrong and what to do, then the tables.</summary>
public static class StatusView
{
    /// <summary>Writes it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="status">The state.</param>
    public static void Write(IAnsiConsole console, ClusterStatus status)
    {
        ArgumentNullException.ThrowIfNull(console);
        console.MarkupLineInterpolated(
            $"[bold]{status.Cluster}[/] [{(status.Healthy ? "green" : "red bold")}]{Visible.Of(status.Verdict)}[/]");
        // Versions are no matter of this hour: they stand below their table.
        Write(console, status.Problems.Where(static problem => !IsForLater(problem)));
        console.WriteLine();
        console.Write(Members(status));
        console.Write(Proxies(status));
        console.Write(Versions(status));
        Write(console, status.Problems.Where(IsForLater));
        console.MarkupLineInterpolated(
            $"[grey]{status.CheckedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, stack {status.Stack}[/]");
    }

    private static bool IsForLater(Problem problem) => problem is { Version: not null, Severity: ProblemSeverity.Warning };

    private static void Write(IAnsiConsole console, IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            var (mark, style) = problem.Severity == ProblemSeverity.Error ? ("✗", "red") : ("!", "yellow");
            console.MarkupLineInterpolated($"  [{style}]{mark}[/] {Visible.Of(problem.Message)}.");
            console.MarkupLineInterpolated($"    [grey]→ {Visible.Of(problem.Hint)}[/]");
        }
    }

    // One line per component: where all hosts agree, and that is nearly always, its version is said once.
    private static Table Versions(ClusterStatus status)
    {
        var table = New("component", "version");
        foreach (var component in Enum.GetValues<Component>())
        {
            List<(string Host, string Version)> seen =
            [
                .. status.Hosts.SelectMany(
                    host => host.Components.Where(report => report.Component == component).Select(report => (host.Name, report.Shown))),
            ];
            var text = Everywhere(seen);
            var warned = status.Problems.Any(problem => problem.Version == component);
            table.AddRow(Cell(component.Title()), text is null || !warned ? Cell(text) : new Markup("[yellow]" + Shown(text) + "[/]"));
        }

        table.AddRow(
            Cell("watchdog"),
            Cell(Everywhere([.. status.Hosts.Where(static host => host.Reachable).Select(static host => (host.Name, Watchdog(host)))])));
        table.AddRow(
            Cell("certificate"),
            Cell(Everywhere([.. status.Hosts.Where(static host => host.Reachable).Select(static host => (host.Name, Certificate(host)))])));
        return table;
    }

    private static string? Everywhere(List<(string Host, string Text)> seen) =>
        seen.Count == 0 ? null : seen.Select(static pair => pair.Text).Distinct().Count() == 1 ? seen[0].Text : VersionChecks.Where(seen);

    private static string Watchdog(HostStatus host) =>
        !host.Watchdog ? "none" : $"{PatroniFiles.WatchdogDevice} ({host.WatchdogDriver ?? "driver unknown"})";

    private static string Certificate(HostStatus host) => host.CertificateDays switch
    {
        null => "unknown",
        < 0 => "has ended",
        { } days => string.Create(CultureInfo.InvariantCulture, $"{days} days left"),
    };

    private static Table Members(ClusterStatus status)
    {
        var table = New("host", "address", "role", "state", "timeline", "lag", "VIP", "etcd", "services", "up for");
        foreach (var host in status.Hosts)
        {
            table.AddRow(
                Cell(host.Name),
                Cell(host.Address),
                host.Name == status.Leader ? new Markup("[green bold]leader[/]") : Cell(host.Role?.Replace('_', ' ')),
                Judged(host.State, host.State is "running" or "streaming"),
                Cell(host.Timeline?.ToString(CultureInfo.InvariantCulture)),
                Cell(host.LagBytes is { } lag ? Quantities.Bytes(lag) : host.Name == status.Leader ? "" : null),
                host.HoldsVip ? new Markup("[green]" + Markup.Escape(status.Vip.Address) + "[/]") : Cell(""),
                Etcd(host),
                Services(host),
                host.Uptime is { } uptime ? Cell(Quantities.Duration(uptime)) : new Markup("[red]no answer[/]"));
        }

        return table;
    }

    // One line per backend, one column per HAProxy: three HAProxies of one mind read as three equal columns.
    private static Table Proxies(ClusterStatus status)
    {
        var table = New(["HAProxy backend", .. status.Hosts.Select(static host => "on " + host.Name)]);
        foreach (var backend in status.Hosts.SelectMany(static host => host.HAProxy).Select(static server => server.Backend).Distinct())
        {
            table.AddRow(
            [
                Cell(backend),
                .. status.Hosts.Select(host => Cell(string.Join(
                    ", ",
                    host.HAProxy.Where(server => server.Backend == backend && server.Up).Select(static server => server.Server)))),
            ]);
        }

        return table;
    }

    private static Markup Etcd(HostStatus host) => host.Etcd switch
    {
        null => Cell(null),
        { Healthy: true, Error: null } => new Markup(host.Etcd.Leads ? "[green]leader[/]" : "[green]healthy[/]"),
        _ => new Markup("[red]unhealthy[/]"),
    };

    private static Markup Services(HostStatus host)
    {
        var down = host.Services.Where(static service => !service.Active).Select(static service => service.Unit).ToList();
        return host.Services.Count == 0
            ? Cell(null)
            : down.Count == 0
                ? new Markup(string.Create(CultureInfo.InvariantCulture, $"[green]{host.Services.Count} active[/]"))
                : new Markup("[red]" + Shown(string.Join(", ", down).Replace(".service", "", StringComparison.Ordinal)) + " down[/]");
    }

    private static Markup Judged(string? text, bool good) =>
        text is null ? Cell(null) : new Markup($"[{(good ? "green" : "red")}]{Shown(text)}[/]");

    private static Markup Cell(string? text) => text is null ? new Markup("[grey]?[/]") : new Markup(Shown(text));

    // What hosts say is no markup and no command to the terminal.
    private static string Shown(string text) => Markup.Escape(Visible.Of(text));

    private static Table New(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }

        return table;
    }
}
