namespace PostgresHa.Specification;

/// <summary>What is done with the host's firewall.</summary>
public enum FirewallMode
{
    /// <summary>firewalld is installed, enabled and given exactly our rules; foreign rules stay.</summary>
    Managed,

    /// <summary>firewalld is stopped and disabled.</summary>
    Disabled,

    /// <summary>Nothing is touched.</summary>
    Untouched,
}

/// <summary>Firewall.</summary>
public sealed record FirewallSpecification
{
    /// <summary>What is done. Default <see cref="FirewallMode.Managed"/>.</summary>
    public required FirewallMode Mode { get; init; }

    /// <summary>
    /// Networks (CIDR) that may connect to the VIP's ports, the statistics page and PostgreSQL. Default: the VIP's network. The same networks are
    /// admitted in pg_hba.
    /// </summary>
    public required IReadOnlyList<string> ClientNetworks { get; init; }

    /// <summary>firewalld's zone. Default <c>public</c>.</summary>
    public required string Zone { get; init; }
}
