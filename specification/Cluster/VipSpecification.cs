namespace PostgresHa.Specification;

/// <summary>The virtual IP.</summary>
public sealed record VipSpecification
{
    [Text("The virtual IPv4 address clients connect to, inside the network of every host that may hold it.")]
    public required string Address { get; init; }

    [Number("Prefix length of the VIP's network.", 8, 30)]
    public required int Prefix { get; init; }

    [Number("VRRP virtual router id, unique in the network segment.", 51, 1, 255)]
    public required int RouterId { get; init; }

    [Duration("Time between two VRRP advertisements.", "300ms", "100ms", "40s", Step = "10ms")]
    public required TimeSpan AdvertisementInterval { get; init; }

    [Duration(
        "Time between two checks that HAProxy serves; keepalived before 2.3 takes whole seconds only.",
        "1s", "1s", "1m", Step = "1s")]
    public required TimeSpan CheckInterval { get; init; }

    [Number("Failed checks in a row after which the VIP is given up; each check asks twice.", 1, 1, 100)]
    public required int CheckFall { get; init; }

    [Number("Successful checks in a row after which the host may take the VIP again.", 2, 1, 100)]
    public required int CheckRise { get; init; }
}
