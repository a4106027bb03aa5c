using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// A member of etcd on its way from http to https and back: what it is started with at each point, and that no step is lost. etcd itself
/// is in the lab.
/// </summary>
public sealed class EtcdSchemeTests
{
    private const string Record = "/var/lib/postgres-ha/etcd-scheme";
    private const string Own = "10.0.12.9";

    // Nobody listens there.
    private static readonly ClusterSpecification Tls = Yaml.Valid(Yaml.With()), Plain = Yaml.Valid(Yaml.With("etcd.tls", "false"));

    [HostTheory]
    [InlineData(true, null, false, "https", "https")]
    [InlineData(true, "https", true, "https", "https")]
    [InlineData(false, null, true, "http", "http")]
    [InlineData(false, "http", true, "http", "http")]
    // One that was started before anything was recorded; a host that restarts before or amid the change.
    [InlineData(true, null, true, "both", "http")]
    [InlineData(true, "http", true, "both", "http")]
    [InlineData(true, "both http", true, "both", "http")]
    [InlineData(true, "both https", true, "both", "https")]
    [InlineData(false, "https", true, "both", "https")]
    [InlineData(false, "both https", true, "both", "https")]
    [InlineData(false, "both http", true, "both", "http")]
    public void It_answers_clients_by_both_until_the_change_has_ended(bool tls, string? record, bool hasData, string clients, string peers)
    {
        using var host = Host(tls ? Tls : Plain, record, hasData);
        var lines = host.Tool("etcd-prepare --print /var/lib/etcd").Split('\n');

        string[] schemes = clients == "both" ? ["http", "https"] : [clients];
        Assert.Equal(
            string.Join(',', schemes.Select(static scheme => $"{scheme}://{Own}:2379,{scheme}://127.0.0.1:2379")),
            Value(lines, "listen-client-urls"));
        Assert.Equal(string.Join(',', schemes.Select(static scheme => $"{scheme}://{Own}:2379")), Value(lines, "advertise-client-urls"));
        Assert.Equal($"{peers}://{Own}:2380", Value(lines, "listen-peer-urls"));
        Assert.Equal($"{peers}://{Own}:2380", Value(lines, "initial-advertise-peer-urls"));
        var secured = clients == "both" || tls ? 1 : 0;
        Assert.Equal(secured, lines.Count(static line => line.StartsWith("client-transport-security:", StringComparison.Ordinal)));
        Assert.Equal(secured, lines.Count(static line => line.StartsWith("peer-transport-security:", StringComparison.Ordinal)));
        Assert.Equal(2 * secured, lines.Count(static line => line.Contains("client-cert-auth: true", StringComparison.Ordinal)));
    }

    [HostTheory]
    [InlineData(true, "http", "https")]
    [InlineData(false, "https", "http")]
    public void Each_step_restarts_it_once_and_a_step_that_fails_is_taken_again(bool tls, string before, string after)
    {
        var cluster = tls ? Tls : Plain;
        using var host = Host(cluster, before, hasData: true);

        Assert.Contains("\nchanged: etcd: db1 answers clients by http and https", Run(host, cluster, "begin"), StringComparison.Ordinal);
        Assert.Equal($"both {before}", Seen(host, Record));
        Assert.Contains("unchanged: etcd: db1 answers clients by http and https", Run(host, cluster, "begin"), StringComparison.Ordinal);
        Assert.Equal("1", Seen(host, "/srv/restarts"));

        // The others have been told of its new address when it was cut off.
        host.Write(Record, $"both {after}\n");
        host.Write("/srv/refuse", "");
        var failed = host.Run($"printf 'root=x\\n' | {HostPaths.Tool("etcd-members")} end {Words(cluster)}");
        Assert.NotEqual(0, failed.Code);
        Assert.Contains("etcd-restart", failed.Error, StringComparison.Ordinal);
        Assert.Equal($"both {after}", Seen(host, Record));

        host.Run("rm /srv/refuse");
        Assert.Contains($"\nchanged: etcd: db1 answers by {after} only", Run(host, cluster, "end"), StringComparison.Ordinal);
        Assert.Equal(after, Seen(host, Record));
        Assert.Contains("unchanged: ", Run(host, cluster, "end"), StringComparison.Ordinal);
        foreach (var task in new[] { "begin", "move" })
        {
            Assert.Contains($"unchanged: etcd: db1 answers by {after}", Run(host, cluster, task), StringComparison.Ordinal);
        }
    }

    [HostFact]
    public void One_that_was_cut_off_after_its_record_is_restarted_all_the_same()
    {
        using var host = Host(Tls, "both https", hasData: true);
        Run(host, Tls, "begin");
        host.Write(Record, "https\n");
        Assert.Equal("1", Seen(host, "/srv/restarts"));

        Assert.Contains("\nchanged: etcd: db1 answers by https only", Run(host, Tls, "end"), StringComparison.Ordinal);
        Assert.Equal("2", Seen(host, "/srv/restarts"));
    }

    [HostFact]
    public void A_host_that_has_no_member_yet_takes_no_part()
    {
        using var host = Host(Tls, null, hasData: false);

        Assert.Contains("unchanged: ", Run(host, Tls, "begin"), StringComparison.Ordinal);
        Assert.Contains("unchanged: ", Run(host, Tls, "move"), StringComparison.Ordinal);
        Assert.Equal("0", Seen(host, "/srv/restarts"));
    }

    private static ThrowAwayHost Host(ClusterSpecification cluster, string? record, bool hasData)
    {
        var host = new ThrowAwayHost().Stub("systemctl", "").Stub("journalctl", "")
            .Write(EtcdFiles.ConfigPath, EtcdFiles.Config(cluster, cluster.Hosts[0]))
            .Write("/srv/restarts", "0\n")
            .Write("/var/lib/postgres-ha/.keep", "");
        // As the unit composes.
        host.Write(HostPaths.Tool("etcd-restart"), """
            #!/bin/sh
            [ ! -e /srv/refuse ] || { echo "error: etcd was not restarted"; exit 1; }
            echo $(($(cat /srv/restarts) + 1)) >/srv/restarts
            mkdir -p /run/etcd
            /usr/local/lib/postgres-ha/etcd-prepare --print /var/lib/etcd >/run/etcd/etcd.conf.yml
            echo "changed: etcd restarted"
            """);
        host.Write(HostPaths.Tool("etcd-health"), "#!/bin/sh\n");
        if (record is not null)
        {
            host.Write(Record, record + "\n");
        }

        return hasData ? host.Write("/var/lib/etcd/member/wal/0.wal", "") : host;
    }

    private static string Words(ClusterSpecification cluster) =>
        $"{cluster.Hosts[0].Name} /var/lib/etcd {string.Join(' ', EtcdFiles.Addresses(cluster).Take(1))}";

    private static string Run(ThrowAwayHost host, ClusterSpecification cluster, string task) =>
        host.Run($"printf 'root=x\\n' | {HostPaths.Tool("etcd-members")} {task} {Words(cluster)}").Output;

    private static string Seen(ThrowAwayHost host, string path) => host.Run("cat " + path).Output.Trim();

    private static string Value(IEnumerable<string> lines, string key) =>
        lines.Single(line => line.StartsWith(key + ":", StringComparison.Ordinal))[(key.Length + 1)..].Trim(' ', '"');
}
