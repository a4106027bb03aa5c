using PostgresHa.Cli.Status;
using PostgresHa.Specification;
using Spectre.Console;
using PostgresHa.Infra;

namespace PostgresHa.Tests.Cli;

public sealed class StatusJudgeTests
{
    private static readonly string[] Hosts = ["mdw", "standby", "standby1"];
    private static readonly ClusterSpecification Cluster = SampleCluster.With("{}", """{"watchdog":"automatic"}""");

    private readonly Dictionary<string, HostAnswer> _answers = Hosts.ToDictionary(
        static host => host, static host => new HostAnswer(host, Report(host), null));

    [Fact]
    public void All_well_is_healthy()
    {
        var status = Judge();
        Assert.True(status.Healthy);
        Assert.Empty(status.Problems);
        Assert.Equal("healthy: mdw leads, 2 replicas streaming, VIP 10.0.12.10 on standby", status.Verdict);
    }

    [Theory]
    [InlineData("no route to host", "sshd reachable")]
    [InlineData(StatusQuestion.NothingApplied, "apply the stack: ./pgha up")]
    [InlineData(StatusQuestion.OtherTools, "apply the stack: ./pgha up")]
    public void What_keeps_a_host_from_answering_says_what_to_do(string failure, string hint)
    {
        _answers["standby1"] = new HostAnswer("standby1", null, failure);
        var problem = Judge().Problems.Single(problem => problem.Message.Contains("could not be asked", StringComparison.Ordinal));
        Assert.Contains(hint, problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_does_not_answer_is_named_with_the_reason()
    {
        _answers["standby1"] = new HostAnswer("standby1", null, "no route to host");
        Expect("standby1", "standby1 (10.0.16.11) could not be asked: no route to host");
    }

    [Fact]
    public void No_leader_is_said_first()
    {
        ChangeViews(static member => member with { Role = "replica" });
        var status = Judge();
        Assert.StartsWith("DOWN: there is no leader", status.Verdict, StringComparison.Ordinal);
        Assert.Contains(status.Problems, static problem => problem.Message.StartsWith("no member leads", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_views_of_who_leads_are_a_problem()
    {
        Change("standby", static report => View(
            report, static member => member with { Role = member.Name == "standby" ? "leader" : "replica" }));
        Expect(null, "the members disagree on who leads: mdw and standby");
    }

    [Fact]
    public void A_virtual_ip_nobody_holds_means_down_for_clients()
    {
        ChangeAll(static report => report with { Vip = false });
        Assert.StartsWith("DOWN for clients", Judge().Verdict, StringComparison.Ordinal);
        Expect(null, "no host holds the VIP 10.0.12.10: clients cannot connect");
    }

    [Fact]
    public void A_virtual_ip_on_two_hosts_is_a_problem()
    {
        Change("mdw", static report => report with { Vip = true });
        Expect(null, "the VIP 10.0.12.10 is on 2 hosts at once: mdw, standby");
    }

    [Fact]
    public void A_service_that_failed_is_a_problem()
    {
        ChangeService("mdw", "haproxy.service", static service => service with { Active = false, State = "failed (failed)" });
        Expect("mdw", "haproxy on mdw is failed (failed)");
    }

    [Fact]
    public void A_service_that_would_not_start_at_boot_is_a_problem()
    {
        ChangeService("standby", "patroni.service", static service => service with { Enabled = false });
        Expect("standby", "patroni on standby runs, but would stay down after a reboot");
    }

    [Fact]
    public void A_replica_that_does_not_stream_is_a_problem()
    {
        ChangeViews(static member => member.Name == "standby" ? member with { State = "running" } : member);
        Expect("standby", "standby runs but does not stream from mdw");
    }

    [Fact]
    public void Another_timeline_is_a_problem()
    {
        ChangeViews(static member => member.Name == "standby" ? member with { Timeline = 1 } : member);
        Expect("standby", "standby is on timeline 1, the leader on 2");
    }

    [Fact]
    public void Much_lag_is_a_warning_and_leaves_the_cluster_healthy()
    {
        ChangeViews(static member => member.Name == "standby" ? member with { LagBytes = 64 << 20 } : member);
        var status = Judge();
        Assert.True(status.Healthy);
        Assert.Equal("standby lags 64 MB behind the leader: too much to take over (limit 1 MB)", Assert.Single(status.Problems).Message);
        Assert.EndsWith("; 1 warning", status.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_data_directory_that_is_kept_is_a_warning_that_says_where()
    {
        Change("standby", static report => report with { Kept = ["/opt/pgdata17.kept/20261127T031500Z"] });
        var status = Judge();
        Assert.True(status.Healthy);
        var problem = Assert.Single(status.Problems);
        Assert.Equal("standby", problem.Host);
        Assert.EndsWith("its old data directory is kept as /opt/pgdata17.kept/20261127T031500Z", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mdw standby standby1 db4", "the cluster has the host db4, and the stack file has not")]
    [InlineData("gone mdw standby standby1", "the cluster has the host gone, and the stack file has not")]
    [InlineData("mdw standby1", "the cluster does not have standby of the stack file's hosts yet")]
    public void Hosts_that_are_about_to_come_or_go_are_named(string known, string expected)
    {
        ChangeAll(report => report with
        {
            Patroni = report.Patroni with
            {
                Configuration = known.Split(' ').Select(static (name, i) => KeyValuePair.Create($"hosts[{i}]", name)).ToDictionary(),
            },
        });

        Assert.Single(Judge().Problems, problem => problem.Message == expected);
    }

    [Fact]
    public void A_setting_made_by_hand_is_a_warning_with_the_way_to_keep_it()
    {
        ChangeAll(static report => report with
        {
            Patroni = report.Patroni with { Configuration = new Dictionary<string, string> { ["slots.byhand.type"] = "physical" } },
        });
        var status = Judge();
        Assert.True(status.Healthy);
        var problem = Assert.Single(
            status.Problems, static problem => problem.Message.StartsWith("slots.byhand.type is physical", StringComparison.Ordinal));
        Assert.Contains("patroni.slots", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_quorum_is_a_problem_of_the_cluster()
    {
        foreach (var host in Hosts.Skip(1))
        {
            Change(host, static report => report with { Etcd = new EtcdReport { Error = "context deadline exceeded" } });
        }

        Expect("standby", "etcd on standby is not healthy: context deadline exceeded");
        Expect(null, "etcd has 1 healthy member(s), its quorum is 2 of 3: no leader can be elected");
    }

    [Fact]
    public void A_full_database_of_etcd_is_said_with_the_key_that_gives_it_room()
    {
        ChangeAll(static report => report with { Etcd = report.Etcd! with { Healthy = false, Error = "memberID:1 alarm:NOSPACE " } });

        var status = Judge();
        Assert.False(status.Healthy);
        Assert.Equal(3, status.Problems.Count(static problem => problem.Hint.Contains("etcd.quotaBackendBytes", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            status.Problems, static problem => problem.Message.Contains("no leader can be elected", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.79, false)]
    [InlineData(0.81, true)]
    public void A_database_of_etcd_that_is_nearly_full_is_warned_of(double part, bool isWarned)
    {
        Change("standby", report => report with
        {
            Etcd = report.Etcd! with { DatabaseBytes = (long)(part * Cluster.Etcd.QuotaBackendBytes) },
        });

        var warnings = Judge().Problems.Where(
            static problem => problem.Message.Contains("once it is full nothing is written", StringComparison.Ordinal));
        Assert.Equal(
            isWarned ? ["standby"] : [],
            warnings.Where(static problem => problem.Severity == ProblemSeverity.Warning).Select(static problem => problem.Host));
    }

    [Fact]
    public void A_change_of_etcds_scheme_that_was_cut_off_is_a_warning()
    {
        Change("standby", static report => report with { Etcd = report.Etcd! with { AnswersByBoth = true } });

        var status = Judge();
        Assert.True(status.Healthy);
        Assert.Contains("etcd on standby answers with and without TLS", Assert.Single(status.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_the_members_checks_that_was_cut_off_is_a_warning()
    {
        Change("standby", static report => report with { HAProxy = report.HAProxy with { ChecksInBothWays = true } });

        var status = Judge();
        Assert.True(status.Healthy);
        Assert.Contains(
            "HAProxy on standby checks Patroni's members as before and as it is to",
            Assert.Single(status.Problems).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_sends_writes_elsewhere_is_a_problem()
    {
        Change("standby", static report => report with
        {
            HAProxy = new HAProxyReport
            {
                Servers = [.. report.HAProxy.Servers.Select(
                    static server => server.Backend == "leader" ? server with { Up = server.Server == "standby1" } : server)],
            },
        });
        Expect("standby", "HAProxy on standby sends writes (leader) to standby1 instead of mdw");
    }

    [Fact]
    public void A_paused_patroni_is_a_problem()
    {
        ChangeAll(
            static report => report with { Patroni = report.Patroni with { Cluster = report.Patroni.Cluster! with { Pause = true } } });
        Expect(null, "Patroni is paused: nobody takes over when the leader fails");
    }

    [Fact]
    public void Drift_is_a_problem_with_the_way_to_mend_it()
    {
        var status = StatusJudge.Judge(
            "dev",
            Cluster,
            [.. _answers.Values],
            new Dictionary<string, IReadOnlyList<string>> { ["mdw"] = ["/etc/patroni.yml is missing"], ["standby"] = [] },
            DateTimeOffset.UnixEpoch);
        var problem = Assert.Single(status.Problems);
        Assert.Equal("mdw: /etc/patroni.yml is missing", problem.Message);
        Assert.Contains("reapply in Pulumi.dev.yaml", problem.Hint, StringComparison.Ordinal);
        Assert.False(status.Healthy);
    }

    [Theory]
    [InlineData(
        Component.PgBouncer,
        "1.18.0",
        "PgBouncer 1.18.0 on standby has a known severe hole: a client can make it crash before it logs in (CVE-2026-6664)")]
    [InlineData(Component.Postgres, "17.11", "PostgreSQL on standby is 17.11, Pulumi.dev.yaml says 17.12")]
    [InlineData(Component.Patroni, "4.1.6", "Patroni on standby is 4.1.6, Pulumi.dev.yaml says 4.1.5")]
    [InlineData(Component.Etcd, "3.5.34", "etcd is not the same everywhere: 3.5.33 on mdw, standby1; 3.5.34 on standby")]
    [InlineData(Component.HAProxy, "3.2.27", "HAProxy is not the same everywhere: 3.2.26 on mdw, standby1; 3.2.27 on standby")]
    [InlineData(Component.Keepalived, "2.3.4", "keepalived is not the same everywhere: 2.2.8 on mdw, standby1; 2.3.4 on standby")]
    public void A_version_to_look_at_is_a_warning(Component component, string version, string message)
    {
        ChangeVersion("standby", component, one => one with { Version = version });
        var status = Judge();
        Assert.True(status.Healthy);
        var problem = Assert.Single(status.Problems, problem => problem.Message == message);
        Assert.Equal((ProblemSeverity.Warning, component), (problem.Severity, problem.Version));
    }

    [Fact]
    public void What_a_package_mends_is_not_warned_of_unless_the_old_program_still_runs()
    {
        ChangeVersion("standby", Component.PgBouncer, static one => one with { Version = "1.26.1", Package = "1.26.1-1" });
        foreach (var host in Hosts)
        {
            ChangeVersion(
                host,
                Component.PgBouncer,
                static one => one with { Version = "1.24.1", Package = "1.24.1-1+deb13u2", Mends = ["CVE-2026-6664"] });
        }

        Assert.Empty(Judge().Problems);
        ChangeVersion("mdw", Component.PgBouncer, static one => one with { Replaced = true });
        Assert.Contains(
            Judge().Problems,
            static problem => problem.Message.StartsWith("PgBouncer 1.24.1 on mdw has a known severe hole", StringComparison.Ordinal));
        Assert.Contains(
            Judge().Problems,
            static problem => problem.Message.StartsWith("PgBouncer on mdw still runs the program", StringComparison.Ordinal));
    }

    [Fact]
    public void Running_versions_that_do_not_work_together_are_a_problem()
    {
        ChangeVersion("mdw", Component.Patroni, static one => one with { Version = "4.0.7" });
        Expect(
            null,
            "etcd 3.5.33 asks for a password before it lists its members, which this Patroni does not give, so it "
            + "cannot start (Patroni 4.0.7)");
    }

    [Fact]
    public void Each_component_is_one_line_with_its_version_and_what_is_to_be_said_of_it_stands_below()
    {
        ChangeVersion("standby1", Component.HAProxy, static one => one with { Version = "3.0.11", Package = "3.0.11-1+deb13u4" });
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        StatusView.Write(console, Judge());
        var lines = text.ToString().Split('\n').Select(static line => line.TrimEnd()).ToList();
        Assert.Single(lines, static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["PostgreSQL", "17.12"]);
        Assert.Single(
            lines,
            static line => line.Contains("HAProxy ", StringComparison.Ordinal)
                && line.EndsWith("3.2.26 on mdw, standby; 3.0.11-1+deb13u4 on standby1", StringComparison.Ordinal));
        var table = lines.FindIndex(static line => line.Contains("keepalived ", StringComparison.Ordinal));
        Assert.True(lines.FindIndex(static line => line.Contains("CVE-2026-110354", StringComparison.Ordinal)) > table, text.ToString());
    }

    [Theory]
    [InlineData(13.9, "ends in 13 days", true)]
    [InlineData(-0.5, "has ended", true)]
    [InlineData(29.9, "ends in 29 days", false)]
    [InlineData(30.1, null, false)]
    public void A_certificate_that_ends_soon_is_told_and_one_that_ends_very_soon_a_problem(double days, string? message, bool isError)
    {
        Change("mdw", report => report with
        {
            Certificates = new Dictionary<string, DateTimeOffset?> { ["/etc/a.crt"] = DateTimeOffset.UnixEpoch.AddDays(days) },
        });
        var status = Judge();

        Assert.Equal(!isError, status.Healthy);
        Assert.Equal(message is null, status.Problems.Count == 0);
        Assert.All(status.Problems, problem =>
        {
            Assert.Contains(message!, problem.Message, StringComparison.Ordinal);
            Assert.Contains("which renews it", problem.Hint, StringComparison.Ordinal);
        });
        Assert.Equal((int)Math.Floor(days), status.Hosts[0].CertificateDays);
        Assert.Null(status.Hosts[1].CertificateDays);
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_is_a_problem()
    {
        Change("mdw", static report => report with { Certificates = new Dictionary<string, DateTimeOffset?> { ["/etc/a.crt"] = null } });
        Expect("mdw", "the certificate /etc/a.crt on mdw cannot be read");
    }

    private void ChangeVersion(string host, Component component, Func<ComponentReport, ComponentReport> change) =>
        Change(
            host,
            report => report with { Components = [.. report.Components.Select(one => one.Component == component ? change(one) : one)] });

    private ClusterStatus Judge() => StatusJudge.Judge("dev", Cluster, [.. _answers.Values], null, DateTimeOffset.UnixEpoch);

    private void Expect(string? host, string message)
    {
        var status = Judge();
        Assert.False(status.Healthy);
        var problem = Assert.Single(status.Problems, problem => problem.Message == message);
        Assert.Equal(host, problem.Host);
        Assert.NotEmpty(problem.Hint);
    }

    private void Change(string host, Func<HostReport, HostReport> change) =>
        _answers[host] = _answers[host] with { Report = change(_answers[host].Report!) };

    private void ChangeAll(Func<HostReport, HostReport> change)
    {
        foreach (var host in Hosts)
        {
            Change(host, change);
        }
    }

    private void ChangeService(string host, string unit, Func<ServiceReport, ServiceReport> change) => Change(host, report => report with
    {
        Services = [.. report.Services.Select(service => service.Unit == unit ? change(service) : service)],
    });

    private void ChangeViews(Func<PatroniMember, PatroniMember> change) => ChangeAll(report => View(report, change));

    private static HostReport View(HostReport report, Func<PatroniMember, PatroniMember> change)
    {
        var cluster = report.Patroni.Cluster!;
        return report with { Patroni = report.Patroni with { Cluster = cluster with { Members = [.. cluster.Members.Select(change)] } } };
    }

    private static HostReport Report(string host) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Uptime = TimeSpan.FromHours(3),
        FreeDisk = 0.6,
        Vip = host == "standby",
        Services = [.. ClusterServices.All.Units(Cluster, Cluster.Hosts.Single(member => member.Name == host)).Select(
            static unit => new ServiceReport { Unit = unit.Name, Installed = true, Active = true, Enabled = true, State = "active (running)" })],
        Patroni = new PatroniReport
        {
            Cluster = new PatroniCluster
            {
                Members =
                [
                    .. Hosts.Select(static member => new PatroniMember
                    {
                        Name = member,
                        Role = member == "mdw" ? "leader" : "replica",
                        State = member == "mdw" ? "running" : "streaming",
                        Timeline = 2,
                        LagBytes = member == "mdw" ? null : 0,
                    }),
                ],
            },
        },
        Components =
        [
            new() { Component = Component.Postgres, Version = Cluster.Postgres.Version },
            new() { Component = Component.Etcd, Version = Cluster.Etcd.Version },
            new() { Component = Component.Patroni, Version = Cluster.Patroni.Version },
            new() { Component = Component.PgBouncer, Version = "1.26.1" },
            new() { Component = Component.HAProxy, Version = "3.2.26" },
            new() { Component = Component.Keepalived, Version = "2.2.8" },
        ],
        Etcd = new EtcdReport { Healthy = true, Leads = host == "standby1", Leader = "abc", Term = 3, Version = "3.5.16" },
        HAProxy = new HAProxyReport
        {
            Servers =
            [
                .. ((string[])["leader", "replicas", "pooled-leader", "pooled-replicas"])
                .SelectMany(static backend => Hosts.Select(member =>
                    new HAProxyServer(
                        backend, member, backend.EndsWith("leader", StringComparison.Ordinal) == (member == "mdw"), "UP", 0))),
            ],
        },
    };
}
