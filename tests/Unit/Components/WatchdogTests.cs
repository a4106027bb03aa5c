using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class WatchdogTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    [Fact]
    public void Files_by_default() => Snapshot.Matches(
        "watchdog.files",
        string.Concat(WatchdogFiles.All(Default.Patroni).Select(file => $"=== {file.Path}\n{file.Content.Plain}")));

    [Theory]
    [InlineData(30, 5, 25)]
    [InlineData(40, 10, 30)]
    [InlineData(30, -1, 15)]
    public void Fires_when_Patroni_would_have_it_fire(int ttl, int margin, int expected) =>
        Assert.Equal(expected, WatchdogFiles.Margin(Default.Patroni with
        {
            Ttl = TimeSpan.FromSeconds(ttl),
            WatchdogSafetyMargin = TimeSpan.FromSeconds(margin),
        }));

    [Fact]
    public void Nothing_is_installed_when_off()
    {
        var cluster = Yaml.Valid(Yaml.With("patroni.watchdog", "off"));
        Assert.False(Watchdog.Declaration.IsWanted(cluster));
    }
}
