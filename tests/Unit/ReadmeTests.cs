using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit;

/// <summary>
/// The README's tables are what the product knows itself by. After a change: <c>UPDATE_README=1 dotnet test tests/Unit --filter
/// Readme</c>.
/// </summary>
public sealed class ReadmeTests
{
    private static readonly ClusterSpecification Cluster = Yaml.Valid(Yaml.With());

    [Fact]
    public void Configuration() => Table("configuration", ConfigurationTable.Markdown());

    [Fact]
    public void Services() => Table("services", string.Concat(
    [
        "| service | units | user of its own | listens on |\n|---|---|---|---|\n",
        .. ClusterServices.All.All.Select(static service => (
                Name: service.Name + (service.IsWanted(Cluster) ? "" : ", off by default"),
                Units: Text(
                    service.Units(Cluster, Cluster.Hosts[0])
                        .Select(static unit => unit.Name.Replace(".service", "", StringComparison.Ordinal))),
                Users: Text(service.Users(Cluster, Cluster.Hosts[0]).Select(static user => user.Name)),
                Ports: string.Join(
                    "; ", service.Endpoints(Cluster, Cluster.Hosts[0]).GroupBy(static endpoint => endpoint.Audience).Select(Ports))))
            .Where(static service => service.Units.Length + service.Ports.Length > 0)
            .Select(static service => $"| {service.Name} | {service.Units} | {service.Users} | {service.Ports} |\n"),
    ]));

    [Fact]
    public void Secrets() => Table("secrets", string.Concat(
    [
        "| key | whose password | who is told it |\n|---|---|---|\n",
        .. SecretCatalogue.All.Select(static secret => $"| `{secret.Key}` | {secret.Meaning} | {Text(ToldTo(secret))} |\n"),
    ]));

    [Fact]
    public void Every_secret_is_told_to_somebody() => Assert.All(SecretCatalogue.All, static secret => Assert.NotEmpty(ToldTo(secret)));

    private static IEnumerable<string> ToldTo(ClusterSecret secret) => ClusterServices.All.Of(Cluster)
        .Where(
            service =>
                service.Secrets.Concat(service.Files(Cluster, Cluster.Hosts[0]).SelectMany(static file => file.Content.Secrets))
                    .Contains(secret))
        .Select(static service => service.Name);

    private static string Ports(IGrouping<Audience, Endpoint> group) => $"{Text(group.Select(Port))} for {group.Key switch
    {
        Audience.Clients => "clients",
        Audience.Peers => "the cluster's hosts",
        _ => "its own host",
    }}";

    private static string Port(Endpoint endpoint) => (endpoint.Address == Cluster.Vip.Address ? "VIP:" : "") + endpoint.Port;

    private static string Text(IEnumerable<string> words) => string.Join(", ", words);

    private static void Table(string name, string markdown)
    {
        var (begin, end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var path = Path.Join(Repository.Root, "README.md");
        var readme = File.ReadAllText(path);
        var from = readme.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = readme.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"README.md has no section between {begin.TrimEnd()} and {end}");
        if (Environment.GetEnvironmentVariable("UPDATE_README") == "1")
        {
            File.WriteAllText(path, readme[..from] + markdown + readme[to..]);
        }
        else
        {
            Assert.Equal(markdown, readme[from..to]);
        }
    }
}
