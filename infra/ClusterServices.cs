using PostgresHa.Components;
using PostgresHa.Components.Declarations;

namespace PostgresHa.Infra;

/// <summary>The one list of services: whoever must know all of them reads it.</summary>
public static class ClusterServices
{
    /// <summary>The services in the order in which they are applied.</summary>
    public static ServiceList All { get; } = new(
    [
        Firewall.Declaration,
        Watchdog.Declaration,
        PostgresBuild.Declaration,
        Certificates.Declaration,
        CertificateWatch.Declaration,
        Etcd.Declaration,
        EtcdYield.Declaration,
        Patroni.Declaration,
        PgBouncer.Declaration,
        HAProxy.Declaration,
        Keepalived.Declaration,
        NodeExporter.Declaration,
    ]);
}
