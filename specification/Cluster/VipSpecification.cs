namespace PostgresHa.Specification;

/// <summary>The virtual IP.</summary>
public sealed record VipSpecification
{
    /// <summary>IPv4 address. Required; no host's address, inside the network of every host that takes part in VRRP.</summary>
    public required string Address { get; init; }

    /// <summary>Prefix length of its network, 8 to 30. Required.</summary>
    public required int Prefix { get; init; }

    /// <summary>VRRP virtual router id, 1 to 255, unique in the network segment. Default 51.</summary>
    public required int RouterId { get; init; }

    /// <summary>Seconds between VRRP advertisements. Default 0.3 s.</summary>
    public required TimeSpan AdvertisementInterval { get; init; }

    /// <summary>Whole seconds between two checks that HAProxy serves. Default 1 s.</summary>
    public required TimeSpan CheckInterval { get; init; }

    /// <summary>Failed checks in a row after which the VIP is given up; each check asks twice. Default 1.</summary>
    public required int CheckFall { get; init; }

    /// <summary>Successful checks in a row after which the host may take the VIP again. Default 2.</summary>
    public required int CheckRise { get; init; }
}
