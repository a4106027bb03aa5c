using PostgresHa.Cli.Status;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Cli;

public sealed class HostReportReaderTests
{
    [Fact]
    public void A_full_report_is_read()
    {
        var report = Read("""
            {"host":"mdw","time":"2026-11-22T13:00:00Z","system":{"uptimeSeconds":90,"name":"Debian"},
             "disk":{"freeBytes":25,"totalBytes":100,"kept":["/opt/pgdata17.kept/20261127T031500Z"]},
             "vip":{"held":true,"interfaces":["eth0"]},"watchdog":{"device":false},"pgbouncer":{"listening":true,"answers":true},
             "certificates":{"/etc/a.crt":{"endsAt":86400},"/etc/b.crt":{"error":"no such file"}},
             "services":{"etcd.service":{
                "installed":true,"active":true,"enabled":true,"state":"active (running)","restarts":2,"since":"now"}},
             "patroni":{"member":{},"cluster":{"pause":true,"members":[
                {"name":"mdw","role":"leader","state":"running","timeline":4},
                {"name":"standby","role":"replica","state":"streaming","timeline":4,"lag":"unknown","pending_restart":true}]}},
             "etcd":{"healthy":true,"leader":true,"hasLeader":true,"leaderId":"a1","term":7,"both":true,"databaseBytes":20480,
                "version":"3.5.16","errors":[]},
             "haproxy":{"both":true,"backends":{"leader":[{"server":"mdw","up":true,"status":"UP","sessions":3}]}}}
            """);
        Assert.Equal(TimeSpan.FromSeconds(90), report.Uptime);
        Assert.Equal(0.25, report.FreeDisk);
        Assert.True(report.Vip);
        Assert.Null(report.PgBouncerError);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), report.Certificates["/etc/a.crt"]);
        Assert.Null(report.Certificates["/etc/b.crt"]);
        Assert.Equal(
            new ServiceReport
            {
                Unit = "etcd.service",
                Installed = true,
                Active = true,
                Enabled = true,
                State = "active (running)",
                Restarts = 2,
                Since = "now",
            },
            Assert.Single(report.Services));
        Assert.True(report.Patroni.Cluster!.Pause);
        Assert.Equal(4, report.Patroni.Cluster.Members[0].Timeline);
        Assert.Null(report.Patroni.Cluster.Members[1].LagBytes);
        Assert.True(report.Patroni.Cluster.Members[1].PendingRestart);
        Assert.Equal(
            new EtcdReport
            {
                Healthy = true,
                Leads = true,
                Leader = "a1",
                Version = "3.5.16",
                DatabaseBytes = 20480,
                Term = 7,
                AnswersByBoth = true,
            },
            report.Etcd);
        Assert.Equal(new HAProxyServer("leader", "mdw", true, "UP", 3), Assert.Single(report.HAProxy.Servers));
        Assert.True(report.HAProxy.ChecksInBothWays);
    }

    [Fact]
    public void Each_component_tells_the_version_that_runs_and_the_package_it_came_in()
    {
        var report = Read("""
            {"host":"mdw","time":"2026-11-22T13:00:00Z","etcd":{"healthy":true,"version":"3.5.33","errors":[]},
             "haproxy":{"version":"2.6.12-1+deb12u4","backends":{}},
             "patroni":{"member":{"server_version":170012,"patroni":{"version":"4.1.5","scope":"lab"}},"cluster":{}},
             "versions":{"running":{"pgbouncer":{"version":"1.18.0","replaced":true},"keepalived":null},
                "packages":{"haproxy":{"version":"2.6.12-1+deb12u4","mends":["CVE-2026-110354"]},
                "keepalived":{"version":"1:2.2.7-1+b2","mends":[]},
                "pgbouncer":{"version":"1.18.0-1+deb12u1","mends":["CVE-2025-2291"]}}}}
            """);
        Assert.Equal(
            [
                (Component.Postgres, "17.12", null, false), (Component.Etcd, "3.5.33", null, false),
                (Component.Patroni, "4.1.5", null, false),
                (Component.PgBouncer, "1.18.0", "1.18.0-1+deb12u1", true),
                (Component.HAProxy, "2.6.12-1+deb12u4", "2.6.12-1+deb12u4", false),
            ],
            report.Components.Select(static one => (one.Component, one.Version, one.Package, one.Replaced)));
        Assert.Equal(["CVE-2026-110354"], report.Components[^1].Mends);
    }

    [Fact]
    public void Parts_that_could_not_be_had_say_why()
    {
        var report = Read("""
            {"host":"mdw","time":"2026-11-22T13:00:00Z","system":{"error":"a"},"disk":{"error":"b"},"vip":{"error":"c"},
             "watchdog":{"error":"d"},
             "pgbouncer":{"error":"refused"},"services":{"error":"e"},"patroni":{"error":"no answer"},"etcd":{"error":"timeout"},
             "haproxy":{"error":"no socket"}}
            """);
        Assert.Equal("refused", report.PgBouncerError);
        Assert.Equal("no answer", report.Patroni.Error);
        Assert.Equal("timeout", report.Etcd!.Error);
        Assert.Equal("no socket", report.HAProxy.Error);
        Assert.Empty(report.Services);
        Assert.Empty(report.Components);
        Assert.Null(report.Uptime);
    }

    private static HostReport Read(string json) => HostReportReader.Read(json, SampleCluster.With("{}", """{ "method": "package" }"""));
}
