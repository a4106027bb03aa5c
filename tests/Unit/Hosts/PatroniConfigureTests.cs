using PostgresHa.Components.Remote;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// The wanted dynamic configuration reaches etcd whatever state the members are in: patroni-configure with a member of the test's own, or
/// none.
/// </summary>
public sealed class PatroniConfigureTests
{
    private const string Wanted = """{"ttl":30,"postgresql":{"parameters":{"work_mem":"8MB"}}}""";

    private const string Bad = """{"ttl":30,"postgresql":{"parameters":{"work_mem":"8MB","huge_pages":"on"}}}""";

    private const string Trying = "\"trying\":{\"member\":\"db1\",\"values\":{\"huge_pages\":\"try\"}},";

    // A member: /patroni and /config as the files say; the configurations that it was given, one a line.
    private const string Member = """
        import http.server, json
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_): pass
            def answer(self, text):
                self.send_response(200); self.end_headers(); self.wfile.write(text.encode())
            def do_GET(self):
                self.answer(open("/srv" + self.path).read() if self.path in ("/config", "/cluster") else json.dumps(self.state()))
            def do_POST(self):
                asked = self.body()
                members = json.load(open("/srv/cluster"))["members"]
                for one in members:
                    leads = one["name"] == asked["candidate"]
                    one.update({"role": "leader", "state": "running"} if leads else {"role": "replica", "state": "streaming", "lag": 0})
                with open("/srv/cluster", "w") as file: json.dump({"members": members}, file)
                self.answer("Successfully switched over to " + asked["candidate"])
            def state(self):
                config = json.load(open("/srv/config"))
                good = config["postgresql"]["parameters"].get("huge_pages") != "on"
                return {"state": "running" if good else "start failed", "pause": config.get("pause", False)}
            def do_PATCH(self):
                left = int(open("/srv/conflicts").read())
                if left:
                    with open("/srv/conflicts", "w") as file: file.write(str(left - 1))
                    return self.send_error(409)
                now = json.load(open("/srv/config"))
                for key, value in self.body().items():
                    now.pop(key, None) if value is None else now.update({key: value})
                self.write(now)
            def do_PUT(self): self.write(self.body())
            def body(self): return json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            def write(self, config):
                with open("/srv/written", "a") as file: file.write(json.dumps(config, sort_keys=True) + "\n")
                with open("/srv/config", "w") as file: json.dump(config, file)
                self.answer("")
        http.server.HTTPServer(("127.0.0.1", 18008), Handler).serve_forever()
        """;

    // etcd alone answers.
    private const string Control = """
        #!/bin/sh
        case $1 in
          show-config) cat /srv/config ;;
          edit-config) cat >/srv/config; echo "$*" >/srv/edit ;;
        esac
        """;

    [HostFact]
    public void Of_a_cluster_that_is_not_there_yet_nothing_is_asked()
    {
        using var host = New("null");

        Assert.StartsWith("unchanged: the cluster is not initialised yet", host.Run(Configure(), Wanted).Output, StringComparison.Ordinal);
    }

    [HostFact]
    public void Without_any_member_it_goes_by_patronictl()
    {
        using var host = New("""{"ttl":30,"standby_cluster":{"host":"x"},"postgresql":{"parameters":{"huge_pages":"on"}}}""");

        var ended = host.Run(Configure(), Wanted);

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Contains("- postgresql.parameters.huge_pages: on", ended.Output, StringComparison.Ordinal);
        // What a DBA has set stays.
        Assert.Equal(
            """{"ttl": 30, "postgresql": {"parameters": {"work_mem": "8MB"}}, "standby_cluster": {"host": "x"}}""",
            host.Run("cat /srv/config").Output);
        Assert.Equal("edit-config --quiet --force --replace -\n", host.Run("cat /srv/edit").Output);
        Assert.StartsWith("unchanged: ", host.Run(Configure(), Wanted).Output, StringComparison.Ordinal);
    }

    [HostFact]
    public void What_an_interrupted_run_was_trying_is_put_back_before_it_is_tried_again()
    {
        using var host = New(Bad.Insert(1, Trying));

        var ended = host.Run(WithMember(Configure() + "; cat /srv/written"), Bad);

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Contains("putting back huge_pages = try", ended.Output, StringComparison.Ordinal);
        var written = ended.Output.Split('\n').Where(static line => line.StartsWith('{')).ToList();
        Assert.Contains("\"huge_pages\": \"try\"", written[0], StringComparison.Ordinal);
        Assert.Contains("\"huge_pages\": \"on\"", written[1], StringComparison.Ordinal);
        Assert.All(written, static line => Assert.DoesNotContain("trying", line, StringComparison.Ordinal));
    }

    [HostFact]
    public void A_corrected_value_goes_there_at_once()
    {
        using var host = New(Bad.Insert(1, Trying));

        var ended = host.Run(WithMember(Configure() + "; cat /srv/written"), Wanted);

        Assert.DoesNotContain("putting back", ended.Output, StringComparison.Ordinal);
        var written = Assert.Single(ended.Output.Split('\n'), static line => line.StartsWith('{'));
        Assert.DoesNotContain("huge_pages", written, StringComparison.Ordinal);
    }

    [HostTheory]
    [InlineData("\"pause\":true,\"paused_by\":\"postgres-ha\",", false)]
    [InlineData("\"pause\":true,", true)]
    public void A_maintenance_mode_of_ours_that_was_left_ends(string pause, bool stays)
    {
        using var host = New(Wanted.Insert(1, pause));

        var ended = host.Run(WithMember(Configure() + "; cat /srv/config"), Wanted);

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Equal(stays, ended.Output.Split('\n')[^1].Contains("pause", StringComparison.Ordinal));
    }

    [HostTheory]
    [InlineData(3, true)]
    [InlineData(1000, false)]
    public void Hosts_that_tell_the_cluster_at_the_same_moment_do_not_fail_each_other(int conflicts, bool ends)
    {
        using var host = New(Wanted.Insert(1, "\"hosts\":[\"db1\"],"));
        host.Write("/srv/conflicts", conflicts.ToString(System.Globalization.CultureInfo.InvariantCulture));

        var ended = host.Run(WithMember(
            $"{HostPaths.Tool("patroni-hosts")} --self db1 --lag 1 db1=http://127.0.0.1:18008 db2=http://127.0.0.1:2; cat /srv/config"));

        Assert.Equal(ends, ended.Output.Contains("changed: hosts: db1, db2\n", StringComparison.Ordinal));
        Assert.Equal(ends, ended.Output.Contains("\"hosts\": [\"db1\", \"db2\"]", StringComparison.Ordinal));
        Assert.Equal(ends ? "" : "error: PATCH /config on db1: HTTP 409\n", ended.Error);
    }

    [HostTheory]
    [InlineData("streaming", "switchover from db9, which the stack takes away, to db1")]
    [InlineData("running", "last state: db1 is running")]
    public void A_host_that_leads_and_is_taken_away_hands_over_while_the_others_still_know_it(string state, string said)
    {
        using var host = New(Wanted.Insert(1, "\"hosts\":[\"db1\",\"db9\"],"));
        host.Write("/srv/cluster", $$"""
            {"members":[{"name":"db9","role":"leader","state":"running"},{"name":"db1","role":"replica","state":"{{state}}","lag":0}]}
            """);
        host.Run($"sed -i 's/^LEAD_LIMIT = .*/LEAD_LIMIT = 1/' {HostPaths.Tool("patroni-client")}");

        var ended = host.Run(WithMember(
            $"{HostPaths.Tool("patroni-hosts")} --self db1 --lag 1 db1=http://127.0.0.1:18008 db2=http://127.0.0.1:2; cat /srv/config"));

        Assert.Contains(said, ended.Output + ended.Error, StringComparison.Ordinal);
        // Nobody is told before.
        Assert.Equal(state == "streaming", ended.Output.Contains("\"hosts\": [\"db1\", \"db2\"]", StringComparison.Ordinal));
    }

    private static string Configure() =>
        $"PGHA_PYTHON=patroni PYTHONPATH=/srv/python python3 {HostPaths.Tool("patroni-configure")} --self db1 --lag 1 --postgres 17.1 "
        + "--bin /srv --socket /tmp --port 1 db1=http://127.0.0.1:18008 db2=http://127.0.0.1:2";

    // The network's own namespace: no port of this machine is in the way.
    private static string WithMember(string command) =>
        $$"""
        exec unshare --net sh -c 'ip link set lo up; python3 /srv/member.py & member=$!
        for _ in $(seq 250); do curl --silent --noproxy "*" --output /dev/null http://127.0.0.1:18008/config && break; sleep 0.02; done
        {{command}}; kill $member'
        """;

    private static ThrowAwayHost New(string config)
    {
        var host = new ThrowAwayHost()
            .Write("/srv/config", config)
            .Write("/srv/member.py", Member)
            .Write("/srv/conflicts", "0")
            .Write("/srv/cluster", """{"members":[{"name":"db1","role":"leader","state":"running"}]}""")
            .Write("/usr/local/bin/patronictl", Control)
            .Write("/etc/patroni/secrets.env", "PATRONI_RESTAPI_USERNAME=u\nPATRONI_RESTAPI_PASSWORD=p\n")
            .Write("/etc/patroni/patroni.yml", "scope: lab\n")
            // Of YAML as much as the test writes.
            .Write(
                "/srv/python/yaml.py",
                "import json\ndef safe_load(text): return json.loads(text)\ndef safe_load_all(file): return [json.load(file)]\n")
            .Write("/srv/postgres", "#!/bin/sh\nprintf 'huge_pages\\tpostmaster\\n'\n");
        host.Run($"chmod 755 /srv/postgres /usr/local/bin/patronictl; mkdir -p {HostPaths.State}");
        return host;
    }
}
