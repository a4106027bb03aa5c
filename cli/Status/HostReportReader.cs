using System.Globalization;
using System.Text.Json;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Status;

/// <summary>
/// Reads the JSON of the tool <c>host-report</c>. A part that could not be had holds <c>error</c> instead of its values.
/// </summary>
public static class HostReportReader
{
    /// <summary>Reads a report.</summary>
    /// <param name="json">What the tool printed.</param>
    /// <param name="cluster">The cluster that the host is one of.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static HostReport Read(string json, ClusterSpecification cluster)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var disk = Part(root, "disk");
        return new HostReport
        {
            Time = DateTimeOffset.Parse(Text(root, "time") ?? throw new JsonException("time is missing"), CultureInfo.InvariantCulture),
            Uptime = Number(Part(root, "system"), "uptimeSeconds") is { } uptime ? TimeSpan.FromSeconds(uptime) : null,
            FreeDisk = Number(disk, "freeBytes") is { } free && Number(disk, "totalBytes") is > 0 and { } total ? free / total : null,
            Kept = [.. Items(disk, "kept").Select(static path => path.GetString() ?? "")],
            Vip = Truth(Part(root, "vip"), "held"),
            Watchdog = Truth(Part(root, "watchdog"), "device"),
            WatchdogDriver = Driver(Part(root, "watchdog")),
            PgBouncerError = Text(Part(root, "pgbouncer"), "error") ?? (
                Truth(Part(root, "pgbouncer"), "answers") ? null : "it does not answer"),
            Certificates = Entries(Part(root, "certificates"))
                .Where(static entry => entry.Value.ValueKind == JsonValueKind.Object)
                .ToDictionary(static entry => entry.Name, static entry => EndsAt(entry.Value), StringComparer.Ordinal),
            TakesClientsWithoutTls = Truth(Part(root, "clients"), "withoutTls"),
            Services = Services(Part(root, "services")),
            Patroni = Patroni(Part(root, "patroni")),
            Etcd = root.TryGetProperty("etcd", out var etcd) ? Etcd(etcd) : null,
            HAProxy = HAProxy(Part(root, "haproxy")),
            Components = [.. Components(root, cluster)],
        };
    }

    private static DateTimeOffset? EndsAt(JsonElement certificate) =>
        Number(certificate, "endsAt") is { } seconds ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    private static string? Driver(JsonElement watchdog) => (Text(watchdog, "driver"), Text(watchdog, "identity")) switch
    {
        (null, var identity) => identity,
        (var driver, null) => driver,
        var (driver, identity) => $"{driver}, {identity}",
    };

    private static IReadOnlyList<ServiceReport> Services(JsonElement part) =>
    [
        .. Entries(part).Where(static entry => entry.Value.ValueKind == JsonValueKind.Object).Select(static entry => new ServiceReport
        {
            Unit = entry.Name,
            Installed = Truth(entry.Value, "installed"),
            Active = Truth(entry.Value, "active"),
            Enabled = Truth(entry.Value, "enabled"),
            State = Text(entry.Value, "state") ?? "",
            Restarts = (int)(Number(entry.Value, "restarts") ?? 0),
            Since = Text(entry.Value, "since"),
        }),
    ];

    private static PatroniReport Patroni(JsonElement part)
    {
        var cluster = Part(part, "cluster");
        return new PatroniReport
        {
            Error = Text(part, "error"),
            Configuration = Part(part, "config") is { ValueKind: JsonValueKind.Object } config ? DynamicSettings.Flat(config) : null,
            Cluster = cluster.ValueKind == JsonValueKind.Object
                ? new PatroniCluster { Members = [.. Items(cluster, "members").Select(Member)], Pause = Truth(cluster, "pause") }
                : null,
        };
    }

    private static PatroniMember Member(JsonElement member) => new()
    {
        Name = Text(member, "name") ?? "",
        Role = Text(member, "role") ?? "",
        State = Text(member, "state") ?? "",
        Timeline = (long?)Number(member, "timeline"),
        // A text such as "unknown" when the member does not say.
        LagBytes = (long?)Number(member, "lag"),
        PendingRestart = Truth(member, "pending_restart"),
    };

    private static EtcdReport Etcd(JsonElement part) => new()
    {
        Error = Text(part, "error") ?? Items(part, "errors").Select(static error => error.ToString().Trim()).FirstOrDefault(),
        Healthy = Truth(part, "healthy"),
        Leads = Truth(part, "leader"),
        Leader = Truth(part, "hasLeader") ? Text(part, "leaderId") : null,
        Version = Text(part, "version"),
        DatabaseBytes = (long?)Number(part, "databaseBytes"),
        Term = (long?)Number(part, "term"),
        AnswersByBoth = Truth(part, "both"),
    };

    private static HAProxyReport HAProxy(JsonElement part) => new()
    {
        Error = Text(part, "error"),
        Servers =
        [
            .. Entries(Part(part, "backends"))
                .SelectMany(static backend => backend.Value.EnumerateArray().Select(server => new HAProxyServer(
                backend.Name,
                Text(server, "server") ?? "",
                Truth(server, "up"),
                Text(server, "status") ?? "",
                (long)(Number(server, "sessions") ?? 0)))),
        ],
        ChecksInBothWays = Truth(part, "both"),
    };

    private static IEnumerable<ComponentReport> Components(JsonElement root, ClusterSpecification cluster)
    {
        var member = Part(Part(root, "patroni"), "member");
        var running = Part(Part(root, "versions"), "running");
        (Component Component, string? Version)[] told =
        [
            (Component.Postgres, Number(member, "server_version") is { } number ? PostgresVersion((int)number) : null),
            (Component.Etcd, Text(Part(root, "etcd"), "version")),
            (Component.Patroni, Text(Part(member, "patroni"), "version")),
            (Component.PgBouncer, Text(Part(running, "pgbouncer"), "version")),
            (Component.HAProxy, Text(Part(root, "haproxy"), "version")),
            (Component.Keepalived, Text(Part(running, "keepalived"), "version")),
        ];
        foreach (var (component, version) in told)
        {
            if (version is null)
            {
                continue;
            }

            var package = StatusQuestion.PackageNames(cluster, component)
                .Select(name => Part(Part(Part(root, "versions"), "packages"), name))
                .FirstOrDefault(static found => found.ValueKind == JsonValueKind.Object);
            yield return new ComponentReport
            {
                Component = component,
                Version = version,
                Package = Text(package, "version"),
                Mends = [.. Items(package, "mends").Select(static item => item.GetString()).OfType<string>()],
                Replaced = Truth(Part(running, component.ToString().ToLowerInvariant()), "replaced"),
            };
        }
    }

    // 170012 is 17.12.
    private static string PostgresVersion(int number) => string.Create(CultureInfo.InvariantCulture, $"{number / 10000}.{number % 10000}");

    private static JsonElement Part(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static JsonElement.ObjectEnumerator Entries(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : default;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        Part(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    private static string? Text(JsonElement element, string name) =>
        Part(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static double? Number(JsonElement element, string name) =>
        Part(element, name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    private static bool Truth(JsonElement element, string name) => Part(element, name).ValueKind == JsonValueKind.True;
}
