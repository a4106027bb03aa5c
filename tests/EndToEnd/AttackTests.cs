using System.Net;
using System.Net.Sockets;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>Attacks from the network. That of the firewall is made once more without it, and must work then.</summary>
public sealed partial class ClusterTests
{
    // Neither a host of the cluster nor in the clients' network.
    private static readonly IPAddress Outsider = IPAddress.Parse("198.51.100.7");

    private static readonly HashSet<int> OurPorts = [5432, 6432, 8008, 2379, 2380, 7000];

    private const int Ssh = 22;

    [LabFact]
    public async Task Who_is_neither_peer_nor_client_reaches_no_port_but_that_of_ssh()
    {
        var replica = Replica();
        var ports = ListeningOn(replica);
        Assert.Superset(OurPorts, ports);
        Ip("addr", "add", $"{Outsider}/32", "dev", "lo");
        try
        {
            // Without it their answers would go nowhere, and no port would seem open.
            OnEach($"ip route replace {Outsider} dev eth0");
            foreach (var (name, address) in LabFixture.Hosts.Append(new("the virtual IP", LabFixture.Vip)))
            {
                var reached = await ReachedAsync(address, ports);
                Assert.True(reached is [Ssh], $"an outsider reaches on {name}: {string.Join(", ", reached)}");
            }

            _lab.Pgha.OnHost(replica, "systemctl stop firewalld").Succeeded("firewalld stopped");
            Assert.Superset(OurPorts, (await ReachedAsync(LabFixture.Hosts[replica], ports)).ToHashSet());
        }
        finally
        {
            _lab.Pgha.OnHost(replica, "systemctl start firewalld").Succeeded("firewalld started");
            OnEach($"ip route del {Outsider} || true");
            Ip("addr", "del", $"{Outsider}/32", "dev", "lo");
        }

        _lab.WaitUntilHealthy(Settled);
    }

    [LabFact]
    public void A_peer_without_password_changes_nothing_and_reads_no_key()
    {
        var leader = _lab.Leader();
        var peer = Replica();
        string Ask(string command) => _lab.Pgha.OnHost(peer, command).All;
        var address = LabFixture.Hosts[leader];

        // Without TLS, without a certificate, with one of another authority that has the very names; with this host's own and no password.
        const string Own = "/etc/postgres-ha/tls/etcd.crt";
        string Health(string scheme, string options) => Ask(
            $"curl --silent --max-time 3 --noproxy '*' --cacert /etc/postgres-ha/tls/ca.crt {options} {scheme}://{address}:2379/health");
        Assert.Contains("\"true\"", Health("https", $"--cert {Own} --key {Own}.key"), StringComparison.Ordinal);
        Assert.DoesNotContain("true", Health("http", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("true", Health("https", ""), StringComparison.Ordinal);
        var made = _lab.Pgha.OnHost(
            peer,
            "mkdir -p /root/other && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj / -days 30 "
            + $"-addext subjectAltName=IP:{LabFixture.Hosts[peer]} -keyout /root/other/key -out /root/other/crt");
        made.Succeeded("a certificate of another authority");
        Assert.DoesNotContain("true", Health("https", "--cert /root/other/crt --key /root/other/key"), StringComparison.Ordinal);
        Ask("rm -r /root/other");
        // A certificate that names nobody is nobody's.
        Assert.Contains(
            "etcdserver: permission denied",
            Ask(
                $"ETCDCTL_API=3 PATH=$PATH:/usr/local/bin etcdctl --endpoints=https://{address}:2379 --cacert=/etc/postgres-ha/tls/ca.crt "
                + $"--cert={Own} --key={Own}.key get --prefix /"),
            StringComparison.Ordinal);
        foreach (var (method, path) in new[]
        {
            ("POST", "switchover"), ("POST", "restart"), ("POST", "reinitialize"), ("PATCH", "config"), ("POST", "reload"),
            ("DELETE", "restart"),
        })
        {
            const string Curl = "curl --silent --noproxy '*' -o /dev/null -w '%{http_code}'";
            Assert.Equal("401", Ask($"{Curl} -X {method} -d '{{}}' http://{address}:8008/{path}").Trim());
        }

        foreach (var user in new[] { "postgres", "replicator", "rewind", "app" })
        {
            var target = $"host={address} user={user} dbname=postgres sslmode=require{(user == "replicator" ? " replication=1" : "")}";
            var said = Ask($"/opt/pgsql/bin/psql -w '{target}' -c 'select 1'");
            Assert.Matches("no password supplied|no pg_hba.conf entry|pg_hba.conf rejects", said);
        }
    }

    private string Replica() => LabFixture.Hosts.Keys.Except([_lab.Leader()]).First();

    private HashSet<int> ListeningOn(string host) => [.. _lab.Pgha.OnHost(host, "ss -Hltn").Succeeded("ss").Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])
        .Select(static address => int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture))];

    // Those that an outsider's connection reaches.
    private static async Task<List<int>> ReachedAsync(string address, IEnumerable<int> ports)
    {
        // A firewall that drops never answers.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var reached = await Task.WhenAll(ports.Order().Select(async port =>
        {
            // Of the network of the thread that makes it.
            using var socket = LabThread.Run(static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            socket.Bind(new IPEndPoint(Outsider, 0));
            try
            {
                await socket.ConnectAsync(IPAddress.Parse(address), port, patience.Token);
                return port;
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                return 0;
            }
        }));
        return [.. reached.Where(static port => port > 0)];
    }

    private void OnEach(string command) =>
        Assert.All(LabFixture.Hosts.Keys, host => _lab.Pgha.OnHost(host, command).Succeeded(command));

    private void Ip(params string[] words) =>
        _lab.Pgha.Run(["lab", "exec", "--", "ip", .. words]).Succeeded("ip " + string.Join(' ', words));
}
