using System.Text.Json;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>The bill of materials of the lab's hosts, beside what the hosts' own programs say.</summary>
public sealed partial class ClusterTests
{
    [LabFact]
    public void The_bill_lists_what_the_hosts_programs_say_of_themselves()
    {
        var path = Path.Join(_lab.Stack.Folder, "bill.json");
        _lab.Pgha.Run("bill", "--out", path).Succeeded("bill");
        using var bill = JsonDocument.Parse(File.ReadAllText(path));
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToList();
        foreach (var host in LabFixture.Hosts.Keys)
        {
            Assert.Equal("postgres (PostgreSQL) " + Version("postgresql"), Say("/opt/pgsql/bin/postgres --version"));
            Assert.Equal("etcd Version: " + Version("etcd"), Say("/usr/local/bin/etcd --version | head -n 1"));
            Assert.Equal("patroni " + Version("patroni"), Say("/opt/patroni/bin/patroni --version"));
            foreach (var package in (string[])["haproxy", "keepalived", "pgbouncer"])
            {
                Assert.Equal(Version(package), Say($"dpkg-query -W -f '${{Version}}' {package}"));
            }

            // As the host downloads it.
            var source = On("postgresql").GetProperty("externalReferences")[0];
            Assert.Equal(
                source.GetProperty("hashes")[0].GetProperty("content").GetString(),
                Say($"curl -fsS --noproxy '*' '{source.GetProperty("url").GetString()}' | sha256sum | cut -d' ' -f1"));

            // A test before may have left a build to a server that still ran it.
            JsonElement On(string name) => Assert.Single(
                components,
                component => component.GetProperty("name").GetString() == name && Property(component, "use") is null
                    && Property(component, "hosts")!.Split(',').Contains(host));

            string Version(string name) => On(name).GetProperty("version").GetString()!;

            string Say(string script) => _lab.Pgha.OnHost(host, script).Succeeded($"{script} on {host}").Output.Trim();
        }

        // All but its time is of the content.
        Assert.Equal(
            bill.RootElement.GetProperty("serialNumber").GetString(),
            JsonDocument.Parse(_lab.Pgha.Run("bill").Succeeded("bill").Output).RootElement.GetProperty("serialNumber").GetString());
        Assert.All(_lab.Secrets.Values, secret => Assert.DoesNotContain(secret, bill.RootElement.GetRawText(), StringComparison.Ordinal));

        static string? Property(JsonElement component, string name) => component.GetProperty("properties").EnumerateArray()
            .Where(property => property.GetProperty("name").GetString() == "postgres-ha:" + name)
            .Select(static property => property.GetProperty("value").GetString()).FirstOrDefault();
    }
}
