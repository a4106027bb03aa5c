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
    [Choice("`managed`: firewalld with our rules besides foreign ones; `disabled`: firewalld stopped and disabled; `untouched`: left "
        + "as it is.", "managed")]
    public required FirewallMode Mode { get; init; }

    [Texts(
        "Networks (CIDR) that may connect to the VIP's ports, the statistics page and PostgreSQL; the same are admitted in pg_hba.",
        Note = "the VIP's network")]
    public required IReadOnlyList<string> ClientNetworks { get; init; }

    [Text("firewalld's zone.", "public", Form = TextForm.ZoneName)]
    public required string Zone { get; init; }
}
