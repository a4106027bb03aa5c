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

    private const string Authority = "/etc/postgres-ha/tls/ca.crt";

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
            string Answer(string url) => Ask(
                $"curl --silent --noproxy '*' --cacert {Authority} -o /dev/null -w '%{{http_code}}' -X {method} -d '{{}}' "
                + $"{url}:8008/{path}").Trim();
            Assert.Equal("401", Answer($"https://{address}"));
            Assert.Equal("000", Answer($"http://{address}"));
        }

        foreach (var user in new[] { "postgres", "replicator", "rewind", "app" })
        {
            var target = $"host={address} user={user} dbname=postgres sslmode=require{(user == "replicator" ? " replication=1" : "")}";
            var said = Ask($"/opt/pgsql/bin/psql -w '{target}' -c 'select 1'");
            Assert.Matches("no password supplied|no pg_hba.conf entry|pg_hba.conf rejects", said);
        }
    }

    [LabFact]
    public void Nobody_but_the_member_itself_is_believed_to_lead()
    {
        // One that takes the place of a member, and says that it leads, under the member's own name.
        const string Impostor = """
            import http.server, ssl, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_OPTIONS(self):
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                def log_message(self, *_):
                    pass
            server = http.server.ThreadingHTTPServer((sys.argv[1], 8008), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("/root/other/crt", "/root/other/key")
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            server.serve_forever()
            """;
        const string Config = "/etc/haproxy/haproxy.cfg";
        var target = Replica();
        var observer = LabFixture.Hosts.Keys.First(host => host != target && host != _lab.Leader());
        string Seen() => _lab.Pgha.OnHost(observer, "/usr/local/lib/postgres-ha/haproxy-ask 'show stat'").Output.Split('\n')
            .Select(static line => line.Split(',')).First(columns => columns is ["leader", var name, ..] && name == target) is { } columns
            ? $"{columns[17]} {columns[36]}"
            : "";
        try
        {
            _lab.Pgha.OnHost(
                target,
                "mkdir -p /root/other && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj / -days 30 "
                + $"-addext subjectAltName=DNS:{target},IP:{LabFixture.Hosts[target]} -keyout /root/other/key -out /root/other/crt "
                + "&& cat >/root/other/impostor.py && systemctl stop patroni && systemd-run --quiet --unit impostor "
                + $"python3 /root/other/impostor.py {LabFixture.Hosts[target]}",
                Impostor).Succeeded("an impostor in the place of a member");
            Assert.True(
                SpinWait.SpinUntil(() => Seen() == "DOWN L6RSP", TimeSpan.FromSeconds(30)), $"HAProxy sees of an impostor: {Seen()}");
            // As soon as anybody is believed it is not merely somebody else's fault that it was not.
            _lab.Pgha.OnHost(
                observer,
                $"cp -p {Config} /root/haproxy.cfg && sed -i 's/verify required .*/verify none/' {Config} && systemctl reload haproxy")
                .Succeeded("HAProxy that believes anybody");
            Assert.True(
                SpinWait.SpinUntil(() => Seen() == "UP L7OK", TimeSpan.FromSeconds(30)), $"HAProxy that believes anybody sees: {Seen()}");
        }
        finally
        {
            _lab.Pgha.OnHost(
                observer, $"if [ -e /root/haproxy.cfg ]; then mv -f /root/haproxy.cfg {Config} && systemctl reload haproxy; fi");
            _lab.Pgha.OnHost(target, "systemctl stop impostor; rm -rf /root/other; systemctl start patroni");
        }

        _lab.WaitUntilHealthy(Settled);
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
