using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// HAProxy while the members of Patroni change how they are checked, with the machine's own HAProxy as the judge of its file. The members
/// themselves are in the lab.
/// </summary>
public sealed class HAProxyChecksTests
{
    private const string Record = "/var/lib/postgres-ha/haproxy-checks";

    private static readonly ClusterSpecification Tls = Yaml.Valid(Yaml.With()), Plain = Yaml.Valid(Yaml.With("patroni.apiTls", "false"));

    [HostTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_member_is_checked_in_both_ways_and_who_goes_down_for_having_changed_keeps_its_connections(bool tls)
    {
        var (now, wanted) = tls ? (Plain, Tls) : (Tls, Plain);
        using var host = Host(now);

        var said = Begin(host, wanted);

        Assert.Contains("changed: HAProxy checks the members as it is to, and as before, since ", said, StringComparison.Ordinal);
        var lines = Config(host).Split('\n');
        foreach (var line in Servers(HAProxyFiles.Config(wanted)))
        {
            Assert.Contains(line + " on-marked-down shutdown-sessions", lines);
        }

        foreach (var line in Servers(HAProxyFiles.Config(now)))
        {
            var words = line.Split(' ');
            Assert.Contains(line.Replace($"server {words[5]} ", $"server {words[5]}:old ", StringComparison.Ordinal)
                .Replace($"track leader/{words[5]}", $"track leader/{words[5]}:old", StringComparison.Ordinal)
                .Replace($"track replicas/{words[5]}", $"track replicas/{words[5]}:old", StringComparison.Ordinal), lines);
        }

        Assert.Equal(2 * 4 * now.Hosts.Count, Servers(Config(host)).Count());
        Assert.DoesNotContain(
            lines,
            static line => line.Contains("default-server", StringComparison.Ordinal)
                && line.Contains("on-marked-down", StringComparison.Ordinal));
        Assert.Equal("1", host.Run("cat /srv/reloads").Output.Trim());

        // Whoever asks again gets the same answer, so that what follows is not done once more.
        Assert.Equal("un" + said.Split('\n')[^1], Begin(host, wanted).Split('\n')[^1]);
        Assert.Equal("1", host.Run("cat /srv/reloads").Output.Trim());
    }

    [HostTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_ends_with_the_file_that_was_written_or_with_the_one_before(bool written)
    {
        using var host = Host(Plain);
        Begin(host, Tls);
        if (written)
        {
            host.Write(HAProxyFiles.ConfigPath, HAProxyFiles.Config(Tls));
        }

        Assert.Contains("changed: HAProxy checks the members in one way", host.Tool("haproxy-checks end"), StringComparison.Ordinal);

        Assert.Equal(HAProxyFiles.Config(written ? Tls : Plain).TrimEnd(), Config(host));
        Assert.Equal(written ? "1" : "2", host.Run("cat /srv/reloads").Output.Trim());
        Assert.Equal("", host.Run($"ls {Record} /var/lib/postgres-ha/*.before 2>/dev/null").Output.Trim());
        Assert.Contains("unchanged: ", host.Tool("haproxy-checks end"), StringComparison.Ordinal);
    }

    [HostFact]
    public void A_member_with_another_name_alone_is_there_twice()
    {
        var renamed = Yaml.Valid(Yaml.With("hosts[1].name", "other"));
        using var host = Host(Tls);

        Begin(host, renamed);

        var names = Servers(Config(host)).Select(static line => line.Split(' ')[5]).Distinct();
        Assert.Equal(["db1", "other", "db2:old", "db3"], names);
    }

    [HostFact]
    public void A_reload_that_failed_is_made_again()
    {
        using var host = Host(Plain);
        host.Write("/srv/refuse", "");

        Assert.Contains("systemctl reload haproxy.service failed", Run(host, Tls).Error, StringComparison.Ordinal);
        Assert.NotEqual(0, host.Run($"ls {Record}").Code);

        host.Run("rm /srv/refuse");
        Assert.Contains("changed: ", Begin(host, Tls), StringComparison.Ordinal);
        Assert.Equal("1", host.Run("cat /srv/reloads").Output.Trim());
    }

    [HostFact]
    public void So_is_the_one_that_leads_back()
    {
        using var host = Host(Plain);
        Begin(host, Tls);
        host.Write("/srv/refuse", "");

        Assert.NotEqual(0, host.Run(HostPaths.Tool("haproxy-checks") + " end").Code);
        Assert.Equal(0, host.Run($"ls {Record}").Code);

        host.Run("rm /srv/refuse");
        Assert.StartsWith("changed: ", host.Tool("haproxy-checks end"), StringComparison.Ordinal);
        Assert.Equal(HAProxyFiles.Config(Plain).TrimEnd(), Config(host));
        Assert.Equal("2", host.Run("cat /srv/reloads").Output.Trim());
    }

    [HostFact]
    public void What_an_earlier_change_has_left_says_nothing_of_this_one()
    {
        using var host = Host(Plain);
        host.Write(Record, "1\n").Write("/srv/refuse", "");

        Assert.NotEqual(0, Run(host, Tls).Code);
        host.Run("rm /srv/refuse");

        Assert.StartsWith("changed: ", Begin(host, Tls), StringComparison.Ordinal);
        Assert.Equal("1", host.Run("cat /srv/reloads").Output.Trim());
    }

    [HostTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_begins_where_nothing_changes(bool has)
    {
        using var host = has ? Host(Tls) : new ThrowAwayHost().Write("/var/lib/postgres-ha/.keep", "");

        Assert.StartsWith("unchanged: ", Begin(host, Tls), StringComparison.Ordinal);
        Assert.StartsWith("unchanged: ", host.Tool("haproxy-checks end"), StringComparison.Ordinal);
        Assert.NotEqual(0, host.Run($"ls {Record}").Code);
    }

    // Name and whether it is up: what the old process knows, and with what the new one begins.
    [HostTheory]
    [InlineData("db1=2 db2=0", "db1 db1:old db2 db2:old", false, "db1=0 db1:old=2 db2=0 db2:old=0")]
    [InlineData("db1=2 db1:old=0 db2=0 db2:old=0", "db1 db2", false, "db1=2 db2=0")]
    [InlineData("db1=2 db1:old=0 db2=0 db2:old=0", "db1 db1:old db2 db2:old", false, "db1=2 db1:old=0 db2=0 db2:old=0")]
    [InlineData("db1=0 db1:old=2 db2=0 db2:old=0", "db1 db2", true, "db1=2 db2=0")]
    [InlineData("db1=2 db2=0", "new1 db1:old db2", false, "new1=0 db1:old=2 db2=0")]
    [InlineData("new1=2 db1:old=0 db2=0", "new1 db2", false, "new1=2 db2=0")]
    [InlineData("new1=0 db1:old=2 db2=0", "db1 db2", true, "db1=2 db2=0")]
    [InlineData("db1=2 db2=0", "db1 db2 db3", false, "db1=2 db2=0")]
    // Which member leads, nobody knows at present.
    [InlineData("db1=0 db1:old=0", "db1", false, "db1=0")]
    // It answers as before only, and is not to be lost.
    [InlineData("db1=0 db1:old=2 db2=0 db2:old=0", "db1 db2", false, null)]
    [InlineData("new1=0 db1:old=2 db2=0", "new1 db2", false, null)]
    public void A_server_that_is_checked_in_another_way_begins_as_down(string known, string configured, bool isBefore, string? begins)
    {
        var config = "backend leader\n"
            + string.Concat(configured.Split(' ').Select(static name => $"    server {name} {Address(name)}:5432 check port 8008\n"));
        using var host = new ThrowAwayHost().Write("/srv/haproxy.cfg", config)
            .Write("/var/lib/postgres-ha/haproxy.cfg.before", isBefore ? config : "another\n");
        var rowsKnown = known.Split(' ').Select(static pair => pair.Split('='));
        var state = "1\n# be_id be_name …\n" + string.Concat(rowsKnown.Select(static (pair, i) =>
            $"8 leader {i + 1} {pair[0]} {Address(pair[0])} {pair[1]} 0 1 1 9 15 3 3 6 0 0 0 - 1 - 0 2 - - 8008\n"));

        var seen = host.Run($"exec {HostPaths.Tool("haproxy-state")} /srv/haproxy.cfg", state);

        if (begins is null)
        {
            Assert.Equal((1, "db1 answers the checks of backend leader as before only\n", ""), (seen.Code, seen.Error, seen.Output));
            return;
        }

        var lines = seen.Output.Split('\n');
        Assert.Equal(["1", "# be_id be_name …"], lines[..2]);
        var rows = lines[2..].Where(static line => line.Length > 0).Select(static line => line.Split(' ')).ToList();
        Assert.Equal(begins, string.Join(' ', rows.Select(static row => $"{row[3]}={row[5]}")));
        Assert.All(rows, static row => Assert.Equal(("5432", "8008"), (row[18], row[21])));

        static string Address(string name) => "10.0.12." + name.Split(':')[0][^1];
    }

    // Who answers in db1's place that it leads, and whether it is believed.
    [HostTheory]
    [InlineData("orders", "seed", "db1", 0, true, "UP L7OK")]
    [InlineData("orders", "another", "db1", 0, true, "DOWN L6RSP")]
    [InlineData("others", "seed", "db1", 0, true, "DOWN L6RSP")]
    [InlineData("orders", "seed", "db2", 0, true, "DOWN L6RSP")]
    [InlineData("orders", "seed", "db1", -200, true, "DOWN L6RSP")]
    [InlineData("orders", "seed", "db1", 200, true, "DOWN L6RSP")]
    [InlineData("orders", "seed", "db1", 0, false, "DOWN L6RSP")]
    public void Nobody_is_believed_but_who_has_a_certificate_of_the_name_the_authority_and_the_time(
        string cluster, string seed, string name, int days, bool tls, string seen)
    {
        const string Member = """
            import http.server, ssl, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_OPTIONS(self):
                    self.send_response(200)
                    self.end_headers()
                def log_message(self, *_):
                    pass
            server = http.server.ThreadingHTTPServer((sys.argv[1], 8008), Handler)
            if sys.argv[2] == "True":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain("/srv/member.crt", "/srv/member.key")
                server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            server.handle_error = lambda *_: None
            server.serve_forever()
            """;
        using var host = Host(Tls);
        host.Write("/srv/member.py", Member)
            .Write("/srv/member.key", SampleRequest.Key)
            .Write(
                "/srv/member.crt",
                new CertificateAuthority(cluster, seed)
                    .Sign(SampleRequest.Request, [name], [Tls.Hosts[0].Address], DateTimeOffset.UtcNow.AddDays(days)));

        var said = host.Run($$"""
            exec unshare --net sh -c '
            ip link set lo up; ip addr add {{Tls.Hosts[0].Address}}/32 dev lo; echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind
            python3 /srv/member.py {{Tls.Hosts[0].Address}} {{tls}} & member=$!
            mkdir -p /var/lib/haproxy; echo 1 >/var/lib/haproxy/server-state
            for _ in $(seq 250); do
              curl -s -k --noproxy "*" http{{(tls ? "s" : "")}}://{{Tls.Hosts[0].Address}}:8008/ -o /dev/null && break
              sleep 0.02
            done
            haproxy -W -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/users.cfg >/srv/log 2>&1 & main=$!
            for _ in $(seq 500); do
              line=$({{HostPaths.Tool("haproxy-ask")}} "show stat" 2>/dev/null | grep ^leader,db1, | cut -d, -f18,37 | tr , " ")
              case $line in "UP L7OK" | "DOWN "?*) break ;; esac
              sleep 0.02
            done
            echo "$line"; kill $main $member'
            """);

        Assert.True(said.Output.Trim() == seen, said.Output + said.Error);
    }

    private static ThrowAwayHost Host(ClusterSpecification cluster) => new ThrowAwayHost()
        .Stub("journalctl", "")
        .Stub("systemctl", """
            [ "$1" = reload ] || { echo active; exit; }
            [ ! -e /srv/refuse ] || exit 1
            echo $(($(cat /srv/reloads 2>/dev/null || echo 0) + 1)) >/srv/reloads
            """)
        .Write("/var/lib/postgres-ha/.keep", "")
        .Write(HAProxyFiles.UsersPath, HAProxyFiles.Users("admin", "secret"))
        .Write(CertificateFiles.CertificatePath, SampleRequest.Certificate)
        .Write(CertificateFiles.KeyPath, SampleRequest.Key)
        .Write(CertificateFiles.AuthorityPath, SampleRequest.Authority)
        .Write(HAProxyFiles.ConfigPath, HAProxyFiles.Config(cluster));

    private static string Begin(ThrowAwayHost host, ClusterSpecification wanted)
    {
        var ended = Run(host, wanted);
        Assert.True(ended.Code == 0, ended.Error);
        return ended.Output.Trim();
    }

    private static (int Code, string Output, string Error) Run(ThrowAwayHost host, ClusterSpecification wanted)
    {
        var ended = host.Run(
            $"{HostPaths.Tool("haproxy-checks")} begin "
            + string.Join(' ', wanted.Hosts.Select(static one => $"{one.Name}={one.Address}")) + " -- "
            + string.Join(' ', HAProxyFiles.Check(wanted, "{}")));
        return (ended.Code, ended.Output, ended.Error);
    }

    private static string Config(ThrowAwayHost host) => host.Run($"cat {HAProxyFiles.ConfigPath}").Output.TrimEnd();

    private static IEnumerable<string> Servers(string config) =>
        config.Split('\n').Where(static line => line.StartsWith("    server ", StringComparison.Ordinal));
}
