using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class HAProxyTests
{
    private static readonly ClusterSpecification Default = Yaml.Valid(Yaml.With());

    private static readonly ClusterSpecification Other = Yaml.Valid(Yaml.With(
        (
            "ports",
            Yaml.Parse(
                "{ write: 6000, read: 6001, pooledWrite: 6002, pooledRead: 6003, statistics: 6004, haproxyHealth: 6005, postgres: 5433 }")),
        (
            "haproxy",
            Yaml.Parse(
                "{ readFallback: none, statisticsAdmin: true, checkInterval: 2500ms, checkFastInterval: 250ms, clientTimeout: 90s, "
                + "serverTimeout: 2h }"))));

    [Fact]
    public void Configuration_by_default() => Snapshot.Matches("haproxy.default.cfg", HAProxyFiles.Config(Default));

    [Fact]
    public void Configuration_with_everything_different() => Snapshot.Matches("haproxy.other.cfg", HAProxyFiles.Config(Other));

    [Fact]
    public void Unit_replaces_how_the_package_starts_and_reloads_it() => Snapshot.Matches("haproxy.service.conf", HAProxyFiles.Unit());

    [Fact]
    public void Password_stands_in_the_file_of_users_only()
    {
        Assert.Contains("user admin insecure-password abc123", HAProxyFiles.Users("admin", "abc123"), StringComparison.Ordinal);
        Assert.Contains(
            "http-request auth realm orders unless { http_auth(statistics) }", HAProxyFiles.Config(Default), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "password ", HAProxyFiles.Config(Default).Replace("The password of", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_page_changes_nothing_unless_asked()
    {
        Assert.DoesNotContain("stats admin", HAProxyFiles.Config(Default), StringComparison.Ordinal);
        Assert.Contains("stats admin if { http_auth(statistics) }", HAProxyFiles.Config(Other), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("haproxy.statisticsTls", "false")]
    [InlineData("tls.clients", "off")]
    public void Statistics_page_is_served_by_TLS_unless_told_otherwise(string key, string value)
    {
        var without = Yaml.Valid(Yaml.With(key, value));

        Assert.Contains($" ssl crt {CertificateFiles.CertificatePath} ", HAProxyFiles.Config(Default), StringComparison.Ordinal);
        Assert.Equal("https://192.0.2.10:7000/", HAProxyEndpoints.Statistics(Default, "192.0.2.10").Url);
        Assert.DoesNotContain(" ssl ", HAProxyFiles.Config(without), StringComparison.Ordinal);
        Assert.Equal("http://192.0.2.10:7000/", HAProxyEndpoints.Statistics(without, "192.0.2.10").Url);
    }

    [Fact]
    public void Reads_go_to_the_leader_when_no_replica_is_left_unless_told_otherwise()
    {
        Assert.Contains("use_backend leader if { nbsrv(replicas) eq 0 }", HAProxyFiles.Config(Default), StringComparison.Ordinal);
        Assert.DoesNotContain("use_backend", HAProxyFiles.Config(Other), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "500ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1500ms")]
    [InlineData(60_000, "1m")]
    [InlineData(90_000, "90s")]
    [InlineData(3_600_000, "60m")]
    public void Times_are_written_in_the_largest_whole_unit(int milliseconds, string expected) =>
        Assert.Equal(expected, HAProxyFiles.Time(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Expects_one_leader_and_all_others_as_replicas() =>
        Assert.Equal(["leader=1", "replicas=2", "pooled-leader=1", "pooled-replicas=2"], HAProxyFiles.Expected(Default));

    [Fact]
    public void Listens_on_the_virtual_address() =>
        Assert.Equal(
            ["10.0.12.10:6000", "10.0.12.10:6001", "10.0.12.10:6002", "10.0.12.10:6003"],
            HAProxyEndpoints.Listeners(Other).Select(static listener => listener.Authority));

    [Fact]
    public void Liveness_is_asked_on_the_host_itself_only() => Assert.Equal(
        [
            (5000, Audience.Clients), (5001, Audience.Clients), (5002, Audience.Clients), (5003, Audience.Clients),
            (7000, Audience.Clients), (7001, Audience.Local),
        ],
        HAProxy.Declaration.Endpoints(Default, Default.Hosts[0]).Select(static endpoint => (endpoint.Port, endpoint.Audience)));

    [ProgramFact("haproxy")]
    public void HAProxy_accepts_its_configuration()
    {
        using var folder = new TemporaryProject();
        folder.Write("users.cfg", HAProxyFiles.Users("admin", "abc123"));
        folder.Write("postgres.crt", SampleRequest.Certificate);
        folder.Write("postgres.crt.key", SampleRequest.Key);
        folder.Write("ca.crt", SampleRequest.Authority);
        foreach (var cluster in new[] { Default, Other })
        {
            folder.Write(
                "haproxy.cfg",
                HAProxyFiles.Config(cluster).Replace(CertificateFiles.Folder, folder.Folder, StringComparison.Ordinal));
            Programs.Accepts(
                Programs.Path("haproxy"), "-c", "-f", Path.Join(folder.Folder, "haproxy.cfg"), "-f", Path.Join(folder.Folder, "users.cfg"));
        }
    }
}
