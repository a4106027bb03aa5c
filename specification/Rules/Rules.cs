namespace PostgresHa.Specification;

/// <summary>The rules that look at a value's meaning, or at several values together.</summary>
/// <remarks>A rule speaks only when every value it looks at could be read: one mistake gives one error.</remarks>
internal static class Rules
{
    public static void Check(ClusterSpecification draft, Findings findings, Func<string, string?>? maker, bool hasPrivateKeySecret)
    {
        SshRules.Check(draft.Ssh, findings, maker, hasPrivateKeySecret);
        HostRules.Check(draft, findings);
        VipRules.Check(draft, findings);
        PortRules.Check(draft, findings);
        PostgresRules.Check(draft, findings);
        ParameterRules.Check(draft, findings);
        DirectoryRules.Check(draft, findings);
        EtcdRules.Check(draft, findings);
        PatroniRules.Check(draft.Patroni, findings);
        SlotRules.Check(draft, findings);
        VersionRules.Check(draft, findings);
        ProxyRules.Check(draft, findings);
        NetworkRules.Check(draft, findings);
        TlsRules.Check(draft, findings);
    }
}
