using System.Globalization;
using System.Net.Sockets;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>The virtual IP and what must not move it, or must bring it back.</summary>
public sealed partial class ClusterTests
{
    private const string Tools = "/usr/local/lib/postgres-ha";
    private const string Dispatcher = "/etc/NetworkManager/dispatcher.d/90-postgres-ha";

    [LabFact]
    public void A_HAProxy_that_is_full_keeps_the_virtual_IP()
    {
        var holder = Holder();
        var before = _lab.Pgha.OnHost(holder, $"{Tools}/haproxy-ask 'show info'").Succeeded("haproxy-ask").Output
            .Split('\n').Single(static line => line.StartsWith("Maxconn: ", StringComparison.Ordinal))["Maxconn: ".Length..].Trim();
        const int Limit = 4;
        List<TcpClient> clients = [];
        try
        {
            _lab.Pgha.OnHost(holder, $"{Tools}/haproxy-ask 'set maxconn global {Limit}'").Succeeded("haproxy-ask");
            // Their connections are taken by the kernel, and by HAProxy as long as it has room.
            clients.AddRange(
                LabThread.Run(
                    static () =>
                        Enumerable.Range(0, 3 * Limit).Select(static _ => new TcpClient(LabFixture.Vip, Database.Write)).ToList()));
            var full = _lab.Pgha.OnHost(
                holder, "code=0; curl --silent --output /dev/null --max-time 1 http://127.0.0.1:7001/health || code=$?; echo $code");
            Assert.Equal("28", full.Output.Trim());

            // Longer than keepalived's check may fail before it counts.
            var end = DateTime.UtcNow.AddSeconds(8);
            while (DateTime.UtcNow < end)
            {
                Assert.Equal(holder, Holder());
            }
        }
        finally
        {
            _lab.Pgha.OnHost(holder, $"{Tools}/haproxy-ask 'set maxconn global {before}'");
            clients.ForEach(static client => client.Dispose());
        }

        _lab.WaitUntilHealthy(Settled);
    }

    [LabFact]
    public void A_virtual_IP_that_somebody_takes_from_its_interface_comes_back()
    {
        var holder = Holder();
        _lab.Pgha.OnHost(holder, $"ip address del {LabFixture.Vip}/19 dev eth0").Succeeded("ip address del");
        _lab.WaitUntilHealthy(Settled);
        Assert.False(_lab.Database.Ask<bool>(Database.Write, "select pg_is_in_recovery()"));

        // As NetworkManager calls it. There is none in the lab.
        holder = Holder();
        foreach (var host in LabFixture.Hosts.Keys)
        {
            var process = Keepalived(host);
            _lab.Pgha.OnHost(host, $"{Dispatcher} lo up; {Dispatcher} eth0 down").Succeeded("dispatcher");
            Assert.Equal(process, Keepalived(host));
            _lab.Pgha.OnHost(host, $"{Dispatcher} eth0 up").Succeeded("dispatcher");
            var deadline = DateTime.UtcNow.AddSeconds(10);
            string now;
            while ((now = Keepalived(host)) == "0" || (host != holder && now == process))
            {
                Assert.True(DateTime.UtcNow < deadline, $"keepalived on {host} was not started anew within 10 s");
                Thread.Sleep(200);
            }

            Assert.Equal(host == holder, now == process);
        }

        _lab.WaitUntilHealthy(Settled);

        string Keepalived(string host) => _lab.Pgha.OnHost(host, "systemctl show -p MainPID --value keepalived.service").Output.Trim();
    }

    private string Holder()
    {
        var holders = _lab.Status().Status.GetProperty("vip").GetProperty("holders").EnumerateArray()
            .Select(static name => name.GetString()!).ToList();
        Assert.True(
            holders.Count == 1,
            string.Create(CultureInfo.InvariantCulture, $"the virtual IP is on {holders.Count} hosts: {string.Join(", ", holders)}"));
        return holders[0];
    }
}
