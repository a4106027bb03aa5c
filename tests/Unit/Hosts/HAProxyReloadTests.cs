using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>What a reload of HAProxy hands over to the new process, with the machine's own HAProxy.</summary>
public sealed class HAProxyReloadTests
{
    private static readonly ClusterSpecification Cluster = Yaml.Valid(Yaml.With());

    [HostFact]
    public void Servers_that_have_moved_to_other_ports_are_looked_for_there()
    {
        using var host = new ThrowAwayHost();
        var moved = Yaml.Valid(Yaml.With(("ports.pgbouncer", 16432), ("ports.patroniApi", 18008), ("ports.postgres", 15432)));
        host.Write("/etc/haproxy/haproxy.cfg", HAProxyFiles.Config(Cluster))
            .Write("/etc/haproxy/users.cfg", HAProxyFiles.Users("admin", "secret"))
            .Write(CertificateFiles.CertificatePath, SampleRequest.Certificate)
            .Write(CertificateFiles.KeyPath, SampleRequest.Key)
            .Write(CertificateFiles.AuthorityPath, SampleRequest.Authority)
            .Write("/srv/moved.cfg", HAProxyFiles.Config(moved))
            .Stub("sysctl", "exit 0");

        // The network's own namespace; it is to bind an address that this machine has not.
        var ended = host.Run($$"""
            exec unshare --net sh -c '
            ip link set lo up; echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind
            mkdir -p /var/lib/haproxy; echo 1 >/var/lib/haproxy/server-state
            haproxy -W -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/users.cfg >/srv/log 2>&1 & main=$!
            for _ in $(seq 250); do {{HostPaths.Tool("haproxy-ask")}} "show info" >/dev/null 2>&1 && break; sleep 0.02; done
            cp /srv/moved.cfg /etc/haproxy/haproxy.cfg
            MAINPID=$main sh {{HostPaths.Tool("haproxy-reload")}} || cat /srv/log
            {{HostPaths.Tool("haproxy-ask")}} "show servers state"; kill $main'
            """);

        var servers = ended.Output.Split('\n').Select(static line => line.Split(' '))
            .Where(static words => words.Length > 22 && words[0] != "#")
            .Select(static words => (Backend: words[1], Port: words[18], Checked: words[21])).ToList();
        Assert.True(servers.Count == 4 * Cluster.Hosts.Count, ended.Output + ended.Error);
        Assert.All(servers, static server => Assert.Equal(
            server.Backend.StartsWith("pooled", StringComparison.Ordinal) ? ("16432", "0") : ("15432", "18008"),
            (server.Port, server.Checked)));
    }
}
