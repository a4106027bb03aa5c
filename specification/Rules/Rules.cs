namespace PostgresHa.Specification;

/// <summary>The rules that look at a value's meaning, or at several values together.</summary>
/// <remarks>A rule speaks only when every value it looks at could be read: one mistake gives one error.</remarks>
internal static class Rules
{
    public static void Check(ClusterSpecification draft, Values values, string projectDirectory, bool hasPrivateKeySecret)
    {
        SshRules.Check(draft.Ssh, values, projectDirectory, hasPrivateKeySecret);
        HostRules.Check(draft, values);
        VipRules.Check(draft, values);
        PortRules.Check(draft, values);
        PostgresRules.Check(draft, values);
        ParameterRules.Check(draft, values);
        DirectoryRules.Check(draft, values);
        EtcdRules.Check(draft, values);
        PatroniRules.Check(draft.Patroni, values);
        SlotRules.Check(draft, values);
        VersionRules.Check(draft, values);
        ProxyRules.Check(draft, values);
        NetworkRules.Check(draft, values);
    }
}
