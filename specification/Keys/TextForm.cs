namespace PostgresHa.Specification;

/// <summary>What texts look like; <see cref="Forms"/> has the rule of each.</summary>
internal enum TextForm
{
    OneLine,
    ClusterName,
    UserName,
    NamespaceName,
    DnsName,
    InterfaceName,
    HostName,
    PostgresVersion,
    EtcdVersion,
    PatroniVersion,
    Checksum,
    SqlName,
    EtcdPath,
    SlotName,
    PluginName,
    StatisticsName,
    ZoneName,
}
